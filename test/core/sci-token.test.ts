// A verified token as an application sees it. Rules V4, R5, P5.
import { inspect } from "node:util";
import { decodeUnverified, SciToken } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { AUDIENCE, claimsOf, enforcerWith, headerOf, ISSUER, NOW, scoped, tokenOf } from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

type TokenFields = ConstructorParameters<typeof SciToken>[0];

const enforcer = enforcerWith();
const raw = tokenOf("scitokens-2", {
  sub: "alice",
  jti: "id-1",
  scope: "read:/a%20b  queue",
  team: { roles: ["x"], deep: [[{ y: 1 }]] },
});
const token = await enforcer.verify(raw);
const [, , signature = ""] = raw.split(".");

describe("what a token says", () => {
  it("is read from its claims (V4)", () => {
    expect(token).toBeInstanceOf(SciToken);
    expect(token).toMatchObject({
      issuer: ISSUER,
      subject: "alice",
      id: "id-1",
      audience: [AUDIENCE],
      profile: "scitokens-2",
      scopes: ["read:/a%20b", "queue"],
      acls: [
        ["read", "/a b"],
        ["queue", "/"],
      ],
      groups: [],
      issuedAt: NOW,
      notBefore: NOW,
      expiresAt: NOW + 600,
      header: headerOf("scitokens-2"),
    });
    expect(token.claims).toEqual(decodeUnverified(raw).claims);
  });

  it("is undefined or empty where the token does not say it (V4)", async () => {
    const nameless = enforcerWith({ audience: null });
    const bare = await nameless.verify(
      tokenOf("scitokens-1", { sub: undefined, jti: undefined, aud: undefined, scope: "" }),
    );
    expect(bare).toMatchObject({ subject: undefined, id: undefined, audience: [], scopes: [], acls: [], groups: [] });
    const wlcg = await enforcer.verify(tokenOf("wlcg", { aud: ["x", AUDIENCE], "wlcg.groups": ["/cms"] }));
    expect(wlcg).toMatchObject({ notBefore: undefined, audience: ["x", AUDIENCE], groups: ["/cms"] });
  });
});

describe("get and has", () => {
  it("know the token's own claims (V4)", () => {
    expect(token.get("sub")).toBe("alice");
    expect(token.get("team")).toEqual({ roles: ["x"], deep: [[{ y: 1 }]] });
    expect(token.has("team")).toBe(true);
    expect(token.get("absent")).toBeUndefined();
    expect(token.has("absent")).toBe(false);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "take nothing from JavaScript's objects for a claim named %s (V4)",
    async (name) => {
      expect(token.has(name)).toBe(false);
      expect(token.get(name)).toBeUndefined();
      const claiming = await enforcer.verify(tokenOf("scitokens-2", Object.fromEntries([[name, { admin: true }]])));
      expect(claiming.has(name)).toBe(true);
      expect(claiming.get(name)).toEqual({ admin: true });
      expect(claiming.has("admin")).toBe(false);
      expect(claiming.get("admin")).toBeUndefined();
      expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
    },
  );

  it("know claims whose value is null or false (V4)", async () => {
    const claiming = await enforcer.verify(tokenOf("scitokens-2", { none: null, no: false }));
    expect([claiming.has("none"), claiming.get("none")]).toEqual([true, null]);
    expect([claiming.has("no"), claiming.get("no")]).toEqual([true, false]);
  });
});

describe("a verified token", () => {
  it("is frozen, all the way down (V4)", async () => {
    const wlcg = await enforcer.verify(
      tokenOf("wlcg", { aud: [AUDIENCE], "wlcg.groups": ["/cms"] }, { extra: { x: [1] } }),
    );
    for (const one of [token, wlcg]) expect(thawedParts(one)).toEqual([]);
  });

  it.each([
    ["a field", () => Object.assign(token, { subject: "root" })],
    ["a new field", () => Object.assign(token, { admin: true })],
    ["allows", () => Object.assign(token, { allows: () => true })],
    ["a claim", () => Object.assign(token.claims, { sub: "root" })],
    ["an inner claim", () => (token.claims["team"] as { roles: string[] }).roles.push("root")],
    ["the header", () => Object.assign(token.header, { kid: "x" })],
    ["the scopes", () => (token.scopes as string[]).push("write:/")],
    ["the acls", () => (token.acls as unknown[]).push(["write", "/"])],
    ["one acl", () => Object.assign(token.acls[0] ?? [], { 1: "/" })],
    ["the audience", () => (token.audience as string[]).push("x")],
    ["the groups", () => (token.groups as string[]).push("/cms")],
    ["what acls() gives", () => (enforcer.acls(token) as unknown[]).push(["write", "/"])],
    ["what toJSON() gives", () => Object.assign(token.toJSON().claims, { sub: "root" })],
    ["the prototype", () => Object.setPrototypeOf(token, {})],
  ])("lets nobody change %s (V4)", (_, change) => {
    expect(typeErrorOf(change)).not.toBe("(nothing was thrown)");
  });

  it("shows the next request what it showed the first (V4)", async () => {
    expect(await enforcer.verify(raw)).toEqual(token);
    expect((await enforcer.verify(raw)).claims).toEqual(decodeUnverified(raw).claims);
  });

  it("leaves the raw token out of toJSON (V4)", () => {
    expect(JSON.parse(JSON.stringify(token))).toEqual({ header: token.header, claims: token.claims });
    expect(Object.keys(token.toJSON())).toEqual(["header", "claims"]);
    expect(JSON.stringify({ user: [token] })).not.toContain(signature);
  });

  it("does not print its signature, nor what could be sent as a token (V4)", () => {
    const shown = [
      JSON.stringify(token),
      inspect(token),
      inspect(token, { depth: 20, showHidden: true, getters: true }),
      inspect(token, { depth: 20, showProxy: true, customInspect: false }),
      inspect(fieldsOf(token), { depth: 20 }),
      inspect(structuredClone(fieldsOf(token)), { depth: 20 }),
      Object.entries(token).flat(5).map(String).join(),
      inspect(enforcer, { depth: 20, showHidden: true }),
    ];
    for (const text of shown) {
      for (const part of raw.split(".")) expect(text).not.toContain(part);
    }
    expect(inspect(token)).toContain("alice");
  });

  it("keeps no way to its raw text in any of its properties (V4)", () => {
    const names = [...Object.getOwnPropertyNames(token), ...Object.getOwnPropertyNames(SciToken.prototype)];
    const read = (name: string): unknown => (token as unknown as Record<string, unknown>)[name];
    expect(names.some((name) => typeof read(name) === "string" && String(read(name)).includes(signature))).toBe(false);
    expect(Object.getOwnPropertySymbols(token)).toEqual([]);
  });

  it("answers allows() as its enforcer does (V4)", () => {
    for (const [authz, path] of [
      ["read", "/a b/c"],
      ["read", "/a"],
      ["write", "/a b"],
      ["queue", "/x"],
    ] as const) {
      expect(token.allows(authz, path)).toBe(enforcer.test(token, authz, path));
    }
    expect(token.allows("queue")).toBe(true);
    expect(token.allows("execute")).toBe(false);
    expect(typeErrorOf(() => token.allows("read"))).toMatch(/^path: /);
  });
});

describe("a token made by hand", () => {
  const content = { ...fieldsOf(token), claims: claimsOf("scitokens-2") };
  const EVERYTHING = {
    capabilities: { acls: [["write", "/"]], hasBare: () => true, covers: () => true },
    profile: { name: "scitokens-2", language: "plain" },
    issuer: { basePaths: ["/"] },
  };

  it("belongs to no enforcer (R5)", async () => {
    const fake = new SciToken(content, wrong(enforcer));
    expect(typeErrorOf(() => enforcer.test(fake, "read", "/a b"))).toMatch(/^token: /);
    expect(typeErrorOf(() => enforcer.acls(fake))).toMatch(/^token: /);
    expect(typeErrorOf(() => fake.allows("read", "/a b"))).toMatch(/^token: /);
    await expect(enforcer.explain(fake, "read", "/a b")).rejects.toThrow(TypeError);
  });

  it("grants nothing, whatever it is made with (R5)", async () => {
    const fake = new (SciToken as new (...parts: unknown[]) => SciToken)(content, enforcer, EVERYTHING);
    expect(typeErrorOf(() => enforcer.test(fake, "write", "/x"))).toMatch(/^token: /);
    expect(typeErrorOf(() => enforcer.acls(fake))).toMatch(/^token: /);
    await expect(enforcer.explain(fake, "write", "/x")).rejects.toThrow(TypeError);
  });

  it("grants nothing when its class is reached through a good token (R5)", () => {
    const Same = token.constructor as new (...parts: unknown[]) => SciToken;
    const fake = new Same({ ...content, expiresAt: NOW + 1e9 }, enforcer, EVERYTHING);
    expect(typeErrorOf(() => enforcer.test(fake, "write", "/x"))).toMatch(/^token: /);
  });

  it("grants nothing as a subclass (R5)", () => {
    class Forged extends SciToken {
      override allows(): boolean {
        return true;
      }
    }
    const fake = new Forged(content, wrong({ test: () => true }));
    expect(typeErrorOf(() => enforcer.test(fake, "write", "/x"))).toMatch(/^token: /);
  });

  it("says what its owner says, and another owner's word counts for no enforcer (R5)", () => {
    const fake = new SciToken(content, { test: () => true });
    expect(typeErrorOf(() => enforcer.test(fake, "write", "/x"))).toMatch(/^token: /);
    expect(() => SciToken.prototype.allows.call(wrong({}), "read", "/x")).toThrow(TypeError);
  });
});

it("is one object for one text, while it is remembered, and another for another text (V4)", async () => {
  const text = scoped("read:/x");
  expect(await enforcer.verify(text)).toBe(await enforcer.verify(text));
  expect(await enforcer.verify(scoped("read:/x"))).not.toBe(await enforcer.verify(text));
});

/** A token's public fields, in an object of no class. */
function fieldsOf(one: SciToken): TokenFields {
  return Object.fromEntries(Object.entries(one)) as unknown as TokenFields;
}

/** The paths to whatever in a value is not frozen. */
function thawedParts(value: unknown, path = "token"): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, member]) => thawedParts(member, `${path}.${name}`));
  return Object.isFrozen(value) ? inner : [path, ...inner];
}
