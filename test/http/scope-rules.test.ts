// What a route asks for, in each of its forms, and the options beside it. Rules R3, R4, R6, S7, H4, I15.
import { describe, expect, it } from "vitest";
import { createEnforcer } from "@scitokens/core";
import {
  allOf,
  anyOf,
  authorizeRequest,
  createProtection,
  fromRequest,
  operation,
  operationOf,
  scope,
} from "@scitokens/core/http";
import type { ScopeRule } from "@scitokens/core/http";
import { signToken, testKey } from "../support/sign.js";

const NOW = 1_790_000_000;
const ISSUER = "https://issuer.example.org";
const key = testKey("ES256", "key-1");
const trust = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: "https://a.example",
  clock: () => NOW,
};
const raw = signToken(key, {
  iss: ISSUER,
  aud: "https://a.example",
  ver: "scitoken:2.0",
  iat: NOW,
  nbf: NOW,
  exp: NOW + 60,
  scope: "read:/a write:/b queue wlcg:1.0",
});

async function allows(rule: ScopeRule<{ run: string }>, run = "x"): Promise<boolean> {
  const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: { run } };
  return (await authorizeRequest(facts, createProtection({ ...trust, scope: rule }))).allowed;
}

describe("scope rules (R4)", () => {
  it.each<[string, ScopeRule<{ run: string }>, boolean]>([
    ["one", "read:/a/x", true],
    ["one that is not held", "read:/c", false],
    ["all of a list", ["read:/a", "write:/b"], true],
    ["all but one of a list", ["read:/a", "write:/c"], false],
    ["anyOf", anyOf("write:/c", "queue"), true],
    ["anyOf of none", anyOf("write:/c", "admin"), false],
    ["allOf", allOf("queue", "read:/a"), true],
    ["nested", anyOf("admin", allOf("queue", anyOf("nothing", "write:/b/c"))), true],
    ["a bare capability by a path", "queue:/short", true],
    ["an opaque value", "wlcg:1.0", true],
    ["another opaque value", "wlcg:1.1", false],
    ["an encoded path", "read:/%61", true],
    ["a function", () => "read:/a", true],
    ["a function of the request", ({ run }) => scope`read:/a/${run}`, true],
    ["a slow function", () => Promise.resolve(["read:/a", "queue"]), true],
    ["a function in a list", ["queue", () => "write:/c"], false],
    ["a function that returns a rule of functions", () => anyOf("admin", () => "queue"), true],
  ])("%s", async (_, rule, allowed) => {
    expect(await allows(rule)).toBe(allowed);
  });

  it("takes a bare name that is written, or given by a function, where plain OAuth tokens answer it (R4, S2)", async () => {
    const plain = signToken(key, { iss: ISSUER, aud: trust.audience, iat: NOW, exp: NOW + 60, scope: "read" });
    const issuer = { ...trust.issuer, profiles: ["oauth" as const] };
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${plain}`], request: {} };
    for (const rule of ["read", () => "read"]) {
      expect((await authorizeRequest(facts, { ...trust, issuer, scope: rule })).allowed).toBe(true);
    }
    await expect(allows(() => "read")).rejects.toThrow(/^scope 'read': expected an absolute path/);
  });

  it("asks functions that give functions, a hundred of them and no more (R4)", async () => {
    const chain = (length: number): ScopeRule<{ run: string }> => (length === 0 ? "read:/a" : () => chain(length - 1));
    const endless = (): ScopeRule => endless;
    expect(await allows(chain(100))).toBe(true);
    for (const rule of [chain(101), endless]) {
      await expect(allows(rule)).rejects.toThrow(/not always another function/);
    }
  });

  it("takes a request without header lines for one that says nothing in them (R3)", async () => {
    const asking = async (method: string): Promise<object> => {
      const facts = { method, target: "/a", authorization: [`Bearer ${raw}`], request: {} };
      return {
        ...(await authorizeRequest(facts, { ...trust, scope: fromRequest() })),
        does: operationOf(facts.request),
      };
    };
    expect(await asking("PROPFIND")).toMatchObject({ allowed: true, does: { name: "list", path: "/a" } });
    expect(await asking("MOVE")).toMatchObject({ allowed: false, refusal: { status: 400 } });
  });

  it.each([anyOf("queue"), allOf("queue"), fromRequest({ exists: () => true }), operation("read", "/a")])(
    "are frozen: %j (R4)",
    (rule) => {
      for (const part of [rule, ...Object.values(rule)]) expect(part).toSatisfy(Object.isFrozen);
    },
  );

  it("takes a function that says nothing for an error of the program, not for leave (R4)", async () => {
    for (const nothing of [undefined, null, "", [], anyOf(), 7]) {
      await expect(allows(() => nothing as unknown as string)).rejects.toThrow(TypeError);
    }
  });

  it.each([
    ["anyOf and allOf at once", { anyOf: ["read:/a"], allOf: ["admin"] }],
    ["a misspelt member beside anyOf", { anyOf: ["read:/a"], al_of: ["admin"] }],
    ["fromRequest without options", { fromRequest: false }],
    ["an object of nothing", {}],
    ["undefined", undefined],
    ["null", null],
  ])("refuses %s at start (R4)", (_, rule) => {
    expect(() =>
      createProtection({ ...trust, scope: rule } as unknown as Parameters<typeof createProtection>[0]),
    ).toThrow(/^(scope|fromRequest): expected/);
  });

  it.each([
    ["", /; write 'read:\/' and the path it is for$/],
    ["read", /; write 'read:\/' and the path it is for$/],
    ["write", /; write 'write:\/' and the path it is for$/],
    ["storage.stage", /; write 'storage\.stage:\/' and the path it is for$/],
    ["read:x", /expected an absolute path after a name that needs one$/],
    ["compute.read:/x", /expected no path after this name$/],
    ['"queue', /expected printable ASCII without quotes and backslashes$/],
    ["queue\\", /expected printable ASCII without quotes and backslashes$/],
    ["é:/x", /expected printable ASCII without quotes and backslashes$/],
  ])("says what is wrong with %j, and how it is written where only a path is missing (R4, S2)", (rule, sentence) => {
    expect(() => createProtection({ ...trust, scope: rule })).toThrow(sentence);
  });

  it("refuses groups that are undefined, which would leave the route open (S7)", () => {
    expect(() =>
      createProtection({ ...trust, groups: undefined } as unknown as Parameters<typeof createProtection>[0]),
    ).toThrow(/^groups: expected/);
    expect(() => createProtection({ ...trust, groups: ["/cms/*"] })).toThrow(/^groups: expected/);
  });

  it("answers 400 when a value of the request breaks the template (R6)", async () => {
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: undefined };
    const rule = (): string => scope`read:/a/${".."}`;
    const decision = await authorizeRequest(facts, createProtection({ ...trust, scope: rule }));
    expect(decision).toMatchObject({ allowed: false, refusal: { status: 400, code: "invalid_path" } });
  });
});

describe("authorizeRequest()", () => {
  it("takes plain options, and checks them at the first request", async () => {
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: undefined };
    const options = { ...trust, scope: "read:/a" };
    expect((await authorizeRequest(facts, options)).allowed).toBe(true);
    options.scope = "read:/changed/too/late";
    expect((await authorizeRequest(facts, options)).allowed).toBe(true);
    await expect(authorizeRequest(facts, { ...trust, skope: "x" } as unknown as typeof options)).rejects.toThrow(
      /did you mean 'scope'/,
    );
  });

  it("takes options that are frozen once they are checked (S7, H4)", () => {
    const protection = createProtection({ ...trust, scope: "read:/a", groups: ["/b"] });
    for (const part of [protection, protection.rule, protection.challenge]) expect(part).toSatisfy(Object.isFrozen);
  });

  it.each(['a"b', "a\\b", "a\r\nb", "é", "", " \n"])("takes no realm that would spoil a header: %j (H4)", (realm) => {
    expect(() => createProtection({ ...trust, realm })).toThrow(/^realm: expected printable ASCII/);
  });

  it("takes an enforcer that the application owns (I15)", async () => {
    const enforcer = createEnforcer(trust);
    const protection = createProtection({ enforcer, scope: "read:/a" });
    expect(protection.enforcer).toBe(enforcer);
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: undefined };
    const decision = await authorizeRequest(facts, protection);
    expect(decision.allowed && decision.token && enforcer.test(decision.token, "queue")).toBe(true);
  });
});
