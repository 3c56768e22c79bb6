// Why a token does or does not cover what is asked. Rules H6, R1, R5, S5, S8; the checks in the order they are made.
import { IssuerUnavailableError } from "@scitokens/core";
import type { CheckName, EnforcerOptions, Explanation } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { signToken, testKey } from "../support/sign.js";
import {
  AUDIENCE,
  CANARY,
  claimsOf,
  enforcerWith,
  EVERY_PROFILE,
  headerOf,
  ISSUER,
  key,
  NOW,
  scoped,
  tokenOf,
} from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const CHECKS: readonly CheckName[] = [
  "form",
  "issuer",
  "header",
  "key",
  "signature",
  "profile",
  "claims",
  "times",
  "audience",
  "scopes",
  "schema",
  "revocation",
  "capability",
];

const enforcer = enforcerWith();
const failedCheck = ({ checks }: Explanation) => checks.find(({ result }) => result === "failed")?.check;

describe("explain() of a good token", () => {
  it("says what allows it (R1)", async () => {
    const token = await enforcer.verify(scoped("read:/a queue"));
    const explanation = await enforcer.explain(token, "read", "/a/b");
    expect(explanation).toMatchObject({
      allowed: true,
      summary: "allowed: read on /a/b",
      code: undefined,
      reason: undefined,
      asked: { authz: "read", path: "/a/b" },
      issuer: ISSUER,
      profile: "scitokens-2",
      scopes: [
        { scope: "read:/a", covers: true },
        { scope: "queue", covers: false },
      ],
    });
    expect(explanation.checks.map(({ check }) => check)).toEqual(CHECKS);
    expect(failedCheck(explanation)).toBeUndefined();
  });

  it("says the same of its raw text (R1)", async () => {
    const raw = scoped("read:/a queue");
    const token = await enforcer.verify(raw);
    for (const [authz, path] of [
      ["read", "/a/b"],
      ["read", "/b"],
      ["queue", undefined],
      ["write", "/a"],
    ] as const) {
      expect(await enforcer.explain(raw, authz, path)).toEqual(await enforcer.explain(token, authz, path));
    }
  });

  it("agrees with test() (R1)", async () => {
    const token = await enforcer.verify(scoped("read:/a write:/b/ queue:/short condor:/READ"));
    for (const authz of ["read", "storage.read", "write", "storage.create", "queue", "condor", "nothing"]) {
      for (const path of ["/", "/a", "/a/b", "/b", "/b/c", "/short", "/shorter", "/READ"]) {
        expect((await enforcer.explain(token, authz, path)).allowed).toBe(enforcer.test(token, authz, path));
      }
    }
  });

  it("says which scope lacks what is asked (H6)", async () => {
    const explanation = await enforcer.explain(scoped("read:/a write:/b"), "write", "/a");
    expect(explanation).toMatchObject({
      allowed: false,
      summary: "refused: write on /a: no scope of the token covers it",
      code: "insufficient_scope",
      reason: "capability",
      issuer: ISSUER,
      scopes: [
        { scope: "read:/a", covers: false },
        { scope: "write:/b", covers: false },
      ],
    });
    expect(failedCheck(explanation)).toBe("capability");
  });

  it("counts a scope that covers by another name (S5)", async () => {
    const raw = tokenOf("wlcg", { scope: "storage.read:/a storage.modify:/b" });
    expect((await enforcer.explain(raw, "read", "/a/x")).scopes).toEqual([
      { scope: "storage.read:/a", covers: true },
      { scope: "storage.modify:/b", covers: false },
    ]);
    const literal = enforcerWith({ equivalence: false });
    expect((await literal.explain(raw, "read", "/a/x")).scopes.some(({ covers }) => covers)).toBe(false);
  });

  it("looks at a path below the issuer's base path as the token does (S8)", async () => {
    const below = enforcerWith({}, { basePath: "/vo" });
    expect(await below.explain(scoped("read:/a"), "read", "/vo/a/b")).toMatchObject({
      allowed: true,
      asked: { authz: "read", path: "/vo/a/b" },
      scopes: [{ scope: "read:/a", covers: true }],
    });
    const outside = await below.explain(scoped("read:/a queue"), "read", "/a/b");
    expect(outside).toMatchObject({
      allowed: false,
      code: "insufficient_scope",
      reason: "base_path",
      scopes: [
        { scope: "read:/a", covers: false },
        { scope: "queue", covers: false },
      ],
    });
    expect(failedCheck(outside)).toBe("capability");
    const bare = await below.explain(scoped("queue"), "queue", "/a/b");
    expect(bare).toMatchObject({ reason: "base_path", scopes: [{ scope: "queue", covers: false }] });
  });

  it("says that a token has expired since it was verified (R5)", async () => {
    let now = NOW;
    const ageing = enforcerWith({ clock: () => now });
    const token = await ageing.verify(scoped("read:/a"));
    now = token.expiresAt;
    const explanation = await ageing.explain(token, "read", "/a");
    expect(explanation).toMatchObject({ allowed: false, code: "invalid_token", reason: "expired" });
    expect(failedCheck(explanation)).toBe("times");
  });

  it("says of a check that there was nothing to check (H6)", async () => {
    const revocation = ({ checks }: Explanation) => checks.find(({ check }) => check === "revocation")?.result;
    expect(revocation(await enforcer.explain(scoped("read:/a"), "read", "/a"))).toBe("skipped");
    const asking = enforcerWith({ isRevoked: () => false });
    expect(revocation(await asking.explain(scoped("read:/a"), "read", "/a"))).toBe("passed");
  });

  it("cannot be changed (V4)", async () => {
    const explanation = await enforcer.explain(scoped("read:/a"), "write", "/a");
    expect(typeErrorOf(() => Object.assign(explanation, { allowed: true }))).not.toBe("(nothing was thrown)");
  });
});

describe("explain() of a refused token", () => {
  const stranger = testKey("ES256", key.kid);
  const REFUSED: readonly (readonly [CheckName, string, string, Partial<EnforcerOptions>])[] = [
    ["form", "malformed", `${CANARY}.x`, {}],
    ["issuer", "untrusted_issuer", tokenOf("scitokens-2", { iss: `https://${CANARY}.example.org` }), {}],
    ["header", "algorithm", tokenOf("scitokens-2", {}, { alg: CANARY }), {}],
    ["header", "header", tokenOf("scitokens-2", {}, { crit: [CANARY] }), {}],
    ["key", "unknown_key", tokenOf("scitokens-2", {}, { kid: CANARY }), {}],
    ["signature", "signature", signToken(stranger, claimsOf("scitokens-2"), headerOf("scitokens-2")), {}],
    ["profile", "profile", tokenOf("scitokens-2", { ver: CANARY }), {}],
    ["claims", "missing_claim", tokenOf("scitokens-2", { nbf: undefined }), {}],
    ["claims", "invalid_claim", tokenOf("scitokens-2", { exp: CANARY }), {}],
    ["claims", "unknown_claim", tokenOf("scitokens-1", { [CANARY]: CANARY }), {}],
    ["claims", "token_type", tokenOf("scitokens-2", { at_hash: CANARY }), {}],
    ["claims", "sender_constrained", tokenOf("scitokens-2", { cnf: { jkt: CANARY } }), {}],
    ["times", "expired", tokenOf("scitokens-2", { exp: NOW }), {}],
    ["times", "not_yet_valid", tokenOf("scitokens-2", { nbf: NOW + 61 }), {}],
    ["times", "lifetime", tokenOf("scitokens-2"), { maxTokenLifetime: 1 }],
    ["audience", "audience", tokenOf("scitokens-2", { aud: CANARY }), {}],
    ["scopes", "scope_syntax", tokenOf("scitokens-2", { scope: `read:${CANARY}` }), {}],
    ["revocation", "revoked", tokenOf("scitokens-2"), { isRevoked: () => true }],
  ];

  it.each(REFUSED)("says that %s failed: %s, and nothing of the token (H6)", async (check, reason, raw, options) => {
    const of = enforcerWith(options);
    const explanation = await of.explain(raw, "read", "/data");
    expect(explanation).toMatchObject({
      allowed: false,
      code: "invalid_token",
      reason,
      asked: { authz: "read", path: "/data" },
      scopes: [],
    });
    expect(explanation.summary).toMatch(/^refused: /);
    const said = JSON.stringify(explanation);
    expect(said).not.toContain(CANARY);
    for (const part of raw.split(".")) if (part.length > 8) expect(said).not.toContain(part);

    const failedAt = CHECKS.indexOf(check);
    const expected = CHECKS.map((name, i) => ({
      check: name,
      result: i < failedAt ? "passed" : i === failedAt ? "failed" : "skipped",
    }));
    // Whether a check before it had anything to check is another test's business.
    expect(explanation.checks.slice(0, 10)).toEqual(expected.slice(0, 10));
    expect(failedCheck(explanation)).toBe(check);
  });

  it("agrees with the error of verify() in every word (H6)", async () => {
    for (const [, , raw, options] of REFUSED) {
      const of = enforcerWith(options);
      const error = (await of.verify(raw).catch((e: unknown) => e)) as {
        code: string;
        reason: string;
        message: string;
        hint: unknown;
      };
      const { code, reason, hint, summary } = await of.explain(raw, "read", "/data");
      expect({ code, reason, hint, summary }).toEqual({
        code: error.code,
        reason: error.reason,
        hint: error.hint,
        summary: `refused: ${error.message}`,
      });
    }
  });

  it("says that the issuer's keys cannot be had (H6)", async () => {
    const dead = enforcerWith({ issuer: ISSUER });
    await expect(dead.verify(tokenOf("scitokens-2"))).rejects.toThrow(IssuerUnavailableError);
    const explanation = await dead.explain(tokenOf("scitokens-2"), "read", "/data");
    expect(explanation).toMatchObject({ allowed: false, code: "issuer_unavailable", reason: "issuer_unavailable" });
    expect(failedCheck(explanation)).toBe("key");
    dead.close();
  });

  it("lets through an error of the program (H6)", async () => {
    const failure = new RangeError("the hook's own");
    const broken = enforcerWith({ isRevoked: () => Promise.reject(failure) });
    await expect(broken.explain(tokenOf("scitokens-2"), "read", "/data")).rejects.toBe(failure);
  });
});

describe("explain() throws as test() does", () => {
  it.each([
    ["an empty name", "", "/a", /^authz: /],
    ["a name with its path", "read:/a", undefined, /^authz: /],
    ["a missing path", "read", undefined, /^path: /],
    ["an empty path", "read", "", /^path: /],
    ["a relative path", "read", "a", /^path: /],
    ["a path upwards", "read", "/a/../b", /^path: /],
  ])("for %s (R1)", async (_, authz, path, message) => {
    const raw = scoped("read:/a");
    const token = await enforcer.verify(raw);
    await expect(enforcer.explain(token, authz, path)).rejects.toThrow(message);
    await expect(enforcer.explain(raw, authz, path)).rejects.toThrow(message);
    expect(() => (path === undefined ? enforcer.test(token, authz) : enforcer.test(token, authz, path))).toThrow(
      message,
    );
  });

  it("for a question that is wrong of any token, whether this one is good or not (R1)", async () => {
    for (const token of [scoped("read:/a"), "junk"]) {
      await expect(enforcer.explain(token, "", "/a")).rejects.toThrow(TypeError);
      await expect(enforcer.explain(token, "read", "/a/../b")).rejects.toMatchObject({ code: "invalid_path" });
    }
  });

  it("for a token of another enforcer (R5)", async () => {
    const token = await enforcerWith().verify(scoped("read:/a"));
    await expect(enforcer.explain(token, "read", "/a")).rejects.toThrow(/^token: /);
    await expect(enforcer.explain(wrong(structuredClone(token)), "read", "/a")).rejects.toThrow(/^token: /);
  });

  it("for a bare name of S2, unless the token is a plain OAuth one (R1)", async () => {
    const plain = tokenOf("at-jwt", { scope: "read" });
    expect(await enforcer.explain(plain, "read")).toMatchObject({
      allowed: true,
      asked: { authz: "read", path: undefined },
    });
    expect(await enforcer.explain(plain, "read", "/x")).toMatchObject({ allowed: false, reason: "capability" });
    await expect(enforcer.explain(scoped("read:/"), "read")).rejects.toThrow(/^path: /);
  });
});

it("takes an empty path for none (R1)", async () => {
  expect(await enforcer.explain(scoped("queue"), "queue", "")).toMatchObject({
    allowed: true,
    summary: "allowed: queue",
    asked: { authz: "queue", path: undefined },
  });
});

it.each([
  ["passed", {}],
  ["failed", { issues: [{ message: "no" }] }],
])("says of a schema of the application's own that it %s (H6)", async (result, answer) => {
  const validate = (value: unknown): object => ({ value, ...answer });
  const of = enforcerWith({ claims: wrong({ "~standard": { version: 1, vendor: "test", validate } }) });
  const { checks } = await of.explain(scoped("queue"), "queue");
  expect(checks).toContainEqual({ check: "schema", result });
});

it("names the profile of each token (P1)", async () => {
  for (const profile of EVERY_PROFILE) {
    const of = enforcerWith({ profiles: [profile], audience: [AUDIENCE] });
    expect((await of.explain(tokenOf(profile), "queue")).profile).toBe(profile);
  }
});
