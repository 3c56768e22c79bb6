// Which profile a token is written in, and what each asks of it. Rules P1 to P5.
import type { ProfileName, SciTokenEvent } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { testKey } from "../support/sign.js";
import { CANARY, enforcerWith, EVERY_PROFILE, key, tokenOf, verdict } from "../support/static-issuer.js";

const enforcer = enforcerWith();
const profileOf = async (raw: string, profiles?: readonly ProfileName[]) =>
  (await enforcerWith(profiles === undefined ? {} : { profiles }).verify(raw)).profile;

/** The members of an object that is no good as an object: as claims, each is refused by name in SciTokens 1.0. */
const PROTOTYPE_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

const withClaim = (profile: ProfileName, name: string, value: unknown): string =>
  tokenOf(profile, Object.fromEntries([[name, value]]));

describe("the choice of a profile", () => {
  it.each([
    ["ver 1.0", "scitokens-1", tokenOf("scitokens-1", { ver: "scitoken:1.0" })],
    ["ver 2.0", "scitokens-2", tokenOf("scitokens-2")],
    ["wlcg.ver", "wlcg", tokenOf("wlcg")],
    ["typ at+jwt", "at-jwt", tokenOf("at-jwt")],
    ["nothing", "scitokens-1", tokenOf("scitokens-1")],
    ["ver before wlcg.ver", "scitokens-2", tokenOf("scitokens-2", { "wlcg.ver": "1.0" })],
    ["ver before typ at+jwt", "scitokens-2", tokenOf("scitokens-2", {}, { typ: "at+jwt" })],
    ["wlcg.ver before typ at+jwt", "wlcg", tokenOf("wlcg", {}, { typ: "at+jwt" })],
    ["typ AT+JWT", "at-jwt", tokenOf("at-jwt", {}, { typ: "AT+JWT" })],
    ["typ application/at+jwt", "at-jwt", tokenOf("at-jwt", {}, { typ: "application/at+jwt" })],
  ])("knows by %s that it is %s (P1)", async (_, profile, raw) => {
    expect(await profileOf(raw)).toBe(profile);
  });

  it("does not fall back from a bad ver to another profile (P1)", async () => {
    expect(await verdict(enforcer, tokenOf("wlcg", { ver: CANARY }))).toBe("profile");
    expect(await verdict(enforcer, tokenOf("at-jwt", { "wlcg.ver": CANARY }))).toBe("profile");
    expect(await verdict(enforcer, tokenOf("scitokens-1", { ver: null }))).toBe("profile");
  });

  it.each(EVERY_PROFILE)("takes %s where the list has it, and refuses it where it has not (P1)", async (profile) => {
    const others = EVERY_PROFILE.filter((name) => name !== profile);
    expect(await verdict(enforcerWith({ profiles: [profile] }), tokenOf(profile))).toBe("good");
    expect(await verdict(enforcerWith({}, { profiles: [profile] }), tokenOf(profile))).toBe("good");
    // Where oauth is taken, it takes what is neither of the others: see below.
    const without = others.filter((name) => name !== "oauth");
    const expected = profile === "oauth" ? "missing_claim" : "profile";
    expect(await verdict(enforcerWith({ profiles: without }), tokenOf(profile))).toBe(expected);
    expect(await verdict(enforcerWith({ profiles: EVERY_PROFILE }, { profiles: without }), tokenOf(profile))).toBe(
      expected,
    );
  });

  it.each(["scitokens-1", "scitokens-2", "wlcg", "at-jwt"] as const)("takes %s by default (P1)", async (profile) => {
    expect(await verdict(enforcer, tokenOf(profile))).toBe("good");
  });

  it("takes oauth only when it is asked for by name (P1)", async () => {
    const raw = tokenOf("oauth", { iat: 1, nbf: 1 });
    expect(await verdict(enforcer, raw)).toBe("unknown_claim");
    expect(await profileOf(raw, ["oauth"])).toBe("oauth");
  });

  it("names the profile oauth in the hint for an unknown claim (P1)", async () => {
    const refusal = enforcer.verify(tokenOf("oauth", { iat: 1, nbf: 1 }));
    await expect(refusal).rejects.toMatchObject({ hint: expect.stringContaining("profiles: ['oauth']") as unknown });
  });

  it("lets oauth replace the SciTokens 1.0 default, and take typ at+jwt where at-jwt is not listed (P1)", async () => {
    expect(await profileOf(tokenOf("scitokens-1"), EVERY_PROFILE)).toBe("oauth");
    expect(await profileOf(tokenOf("scitokens-1", { ver: "scitoken:1.0" }), EVERY_PROFILE)).toBe("scitokens-1");
    expect(await profileOf(tokenOf("oauth", {}, { typ: "at+jwt" }), ["oauth"])).toBe("oauth");
    expect(await profileOf(tokenOf("at-jwt"), ["oauth"])).toBe("oauth");
    expect(await profileOf(tokenOf("at-jwt"), EVERY_PROFILE)).toBe("at-jwt");
    expect(await verdict(enforcerWith({ profiles: ["oauth"] }), tokenOf("scitokens-2"))).toBe("profile");
    expect(await verdict(enforcerWith({ profiles: ["oauth"] }), tokenOf("wlcg"))).toBe("profile");
  });

  it.each(["iss", "exp", "aud"])("requires %s of an oauth token (P1)", async (name) => {
    const expected = name === "iss" ? "untrusted_issuer" : "missing_claim";
    expect(await verdict(enforcerWith({ profiles: ["oauth"] }), tokenOf("oauth", { [name]: undefined }))).toBe(
      expected,
    );
  });

  it.each([
    ["scope as a string", { scope: "a b:c" }, ["a", "b:c"]],
    ["scp as a string", { scope: undefined, scp: "a b:c" }, ["a", "b:c"]],
    ["scp as a list", { scope: undefined, scp: ["a", "b:c"] }, ["a", "b:c"]],
    ["scope, and not scp beside it", { scope: "a", scp: ["b"] }, ["a"]],
    ["an empty scope, and not scp beside it", { scope: "", scp: ["b"] }, []],
    ["neither", { scope: undefined }, []],
    ["an empty list", { scope: undefined, scp: [] }, []],
  ])("reads the scopes of an oauth token from %s (P1)", async (_, claims, scopes) => {
    const token = await enforcerWith({ profiles: ["oauth"] }).verify(tokenOf("oauth", claims));
    expect(token.scopes).toEqual(scopes);
  });

  it.each([
    { scope: ["a"] },
    { scope: null, scp: "a" },
    { scope: undefined, scp: 1 },
    { scope: undefined, scp: [1] },
    { scope: undefined, scp: [""] },
    { scope: undefined, scp: ["a b"] },
    { scope: undefined, scp: [["a"]] },
    { scope: undefined, scp: { a: 1 } },
    { scope: undefined, scp: null },
  ])("refuses an oauth token with %j (P1)", async (claims) => {
    expect(await verdict(enforcerWith({ profiles: ["oauth"] }), tokenOf("oauth", claims))).toBe("invalid_claim");
  });

  it("keeps no memory of the token before (P1)", async () => {
    const order = [tokenOf("wlcg"), tokenOf("scitokens-1"), tokenOf("at-jwt"), tokenOf("scitokens-2"), tokenOf("wlcg")];
    const tokens = await Promise.all(order.map((raw) => enforcer.verify(raw)));
    expect(tokens.map(({ profile }) => profile)).toEqual(["wlcg", "scitokens-1", "at-jwt", "scitokens-2", "wlcg"]);
  });
});

describe("SciTokens", () => {
  it.each([
    ["scitoken:1.0", "scitokens-1"],
    ["scitokens:1.0", "scitokens-1"],
    ["scitoken:2.0", "scitokens-2"],
    ["scitokens:2.0", "scitokens-2"],
  ])("takes ver %s for %s (P2)", async (ver, profile) => {
    expect(await profileOf(tokenOf("scitokens-2", { ver }))).toBe(profile);
  });

  it.each([
    "scitoken:3.0",
    "scitoken:2.1",
    "scitoken:2",
    "Scitoken:2.0",
    "scitoken:2.0 ",
    "2.0",
    "1.0",
    "",
    2,
    1,
    null,
    true,
    ["scitoken:2.0"],
    {},
    "__proto__",
  ])("refuses ver %j (P2)", async (ver) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", { ver }))).toBe("profile");
  });

  it.each(["exp", "nbf", "iat", "scope"])("requires %s of a 1.0 token and of a 2.0 token (P2)", async (name) => {
    expect(await verdict(enforcer, tokenOf("scitokens-1", { [name]: undefined }))).toBe("missing_claim");
    expect(await verdict(enforcer, tokenOf("scitokens-2", { [name]: undefined }))).toBe("missing_claim");
  });

  it("requires aud of a 2.0 token, and not of a 1.0 token (P2)", async () => {
    const lenient = enforcerWith({ allowMissingAudience: true });
    expect(await verdict(lenient, tokenOf("scitokens-2", { aud: undefined }))).toBe("missing_claim");
    expect(await verdict(lenient, tokenOf("scitokens-1", { aud: undefined }))).toBe("good");
  });

  it("takes every claim that 1.0 knows (P2)", async () => {
    const all = { sub: "x", jti: "x", ver: "scitoken:1.0", opt: { any: [1] } };
    expect(await verdict(enforcer, tokenOf("scitokens-1", all))).toBe("good");
  });

  it.each([
    "email",
    "scp",
    "nonce",
    "wlcg.groups",
    "client_id",
    "azp",
    "EXP",
    "",
    `${CANARY}-claim`,
    ...PROTOTYPE_NAMES,
  ])("refuses the claim %j in a 1.0 token and ignores it in a 2.0 token (P2)", async (name) => {
    expect(await verdict(enforcer, withClaim("scitokens-1", name, "x"))).toBe("unknown_claim");
    expect(await verdict(enforcer, withClaim("scitokens-2", name, "x"))).toBe("good");
  });

  it.each(["email", ...PROTOTYPE_NAMES])(
    "takes the claim %s in a 1.0 token where its validator does (P2)",
    async (name) => {
      const judging = (answer: boolean) =>
        enforcerWith({ validators: Object.fromEntries([[name, (value: unknown) => answer && value === CANARY]]) });
      expect(await verdict(judging(true), withClaim("scitokens-1", name, CANARY))).toBe("good");
      expect(await verdict(judging(true), withClaim("scitokens-1", name, `${CANARY}2`))).toBe("invalid_claim");
      expect(await verdict(judging(false), withClaim("scitokens-1", name, CANARY))).toBe("invalid_claim");
      expect(await verdict(judging(true), withClaim("scitokens-1", "other", CANARY))).toBe("unknown_claim");
    },
  );

  it("asks the validators in every profile, and only about claims that are there (P2)", async () => {
    const strict = enforcerWith({ profiles: EVERY_PROFILE, validators: { team: (team) => team === "a" } });
    for (const profile of EVERY_PROFILE) {
      expect(await verdict(strict, tokenOf(profile, { team: "a" }))).toBe("good");
      expect(await verdict(strict, tokenOf(profile, { team: "b" }))).toBe("invalid_claim");
      expect(await verdict(strict, tokenOf(profile))).toBe("good");
    }
  });

  it.each([null, 42, true, ["read:/data"], { read: "/data" }])("refuses a scope of %j (P2)", async (scope) => {
    for (const profile of ["scitokens-1", "scitokens-2", "wlcg", "at-jwt"] as const) {
      expect(await verdict(enforcer, tokenOf(profile, { scope }))).toBe("invalid_claim");
    }
  });
});

describe("WLCG", () => {
  it.each(["1.0", "1.1", "1.3", "1.10", "1.99"])("takes wlcg.ver %s (P3)", async (version) => {
    expect(await profileOf(tokenOf("wlcg", { "wlcg.ver": version }))).toBe("wlcg");
  });

  it.each([
    "2.0",
    "0.9",
    "10.0",
    "11.1",
    "1",
    "1.",
    ".1",
    "1.0.0",
    "1.x",
    "v1.0",
    " 1.0",
    "1.0 ",
    "1.0\n",
    "1.-1",
    "1.0a",
    "",
    1,
    1.1,
    null,
    true,
    ["1.0"],
    {},
  ])("refuses wlcg.ver %j (P3)", async (version) => {
    expect(await verdict(enforcer, tokenOf("wlcg", { "wlcg.ver": version }))).toBe("profile");
  });

  it.each(["exp", "aud", "iat"])("requires %s (P3)", async (name) => {
    expect(await verdict(enforcer, tokenOf("wlcg", { [name]: undefined }))).toBe("missing_claim");
  });

  it("requires neither nbf nor scope (P3)", async () => {
    expect(await verdict(enforcer, tokenOf("wlcg", { nbf: undefined, scope: undefined }))).toBe("good");
  });

  it("requires kid in the header, even where the issuer has one key (P3)", async () => {
    expect(await verdict(enforcer, tokenOf("wlcg"))).toBe("good");
    expect(await verdict(enforcer, tokenOf("wlcg", {}, { kid: undefined }))).toBe("profile");
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { kid: undefined }))).toBe("good");
  });

  it("reports that sub or jti is missing, and takes the token (P3)", async () => {
    const events: SciTokenEvent[] = [];
    const listening = enforcerWith({ onEvent: (event) => events.push(event) });
    expect(await verdict(listening, tokenOf("wlcg"))).toBe("good");
    expect(events).toEqual([]);
    expect(await verdict(listening, tokenOf("wlcg", { sub: undefined, jti: undefined }))).toBe("good");
    expect(await verdict(listening, tokenOf("wlcg", { jti: undefined }))).toBe("good");
    expect(events).toMatchObject([
      { type: "claim_owed", claims: ["sub", "jti"] },
      { type: "claim_owed", claims: ["jti"] },
    ]);
  });

  it.each([[[]], [["/cms"]], [["/cms", "/cms/uscms", "/Atlas_1/x.y-z/0"]]])(
    "takes wlcg.groups %j (P3)",
    async (groups) => {
      const token = await enforcer.verify(tokenOf("wlcg", { "wlcg.groups": groups }));
      expect(token.groups).toEqual(groups);
    },
  );

  it.each([
    ["/cms"],
    [null],
    [{ 0: "/cms" }],
    [["cms"]],
    [["/"]],
    [[""]],
    [["/cms/"]],
    [["//cms"]],
    [["/cms//x"]],
    [["/-cms"]],
    [["/.cms"]],
    [["/cms/.."]],
    [["/cms/_x"]],
    [["/cms uscms"]],
    [["/cms\n"]],
    [["/cms/é"]],
    [["/cms", 1]],
    [["/cms", null]],
    [["/cms", ["/x"]]],
  ])("refuses wlcg.groups %j (P3)", async (groups) => {
    expect(await verdict(enforcer, tokenOf("wlcg", { "wlcg.groups": groups }))).toBe("invalid_claim");
  });

  it("reads long group names in time that grows with their length (P3)", { timeout: 1000 }, async () => {
    const name = `${"/a".repeat(2000)}!`;
    expect(await verdict(enforcer, tokenOf("wlcg", { "wlcg.groups": [name] }))).toBe("invalid_claim");
  });
});

describe("RFC 9068", () => {
  it.each(["exp", "aud", "sub", "client_id", "iat", "jti"])("requires %s (P4)", async (name) => {
    expect(await verdict(enforcer, tokenOf("at-jwt"))).toBe("good");
    expect(await verdict(enforcer, tokenOf("at-jwt", { [name]: undefined }))).toBe("missing_claim");
  });

  it("requires neither nbf nor scope, and ignores claims it does not know (P4)", async () => {
    const raw = tokenOf("at-jwt", { nbf: undefined, scope: undefined, roles: ["admin"], acr: "x" });
    const token = await enforcer.verify(raw);
    expect(token.acls).toEqual([]);
  });

  it("is meant by typ at+jwt alone: typ JWT makes it a SciTokens 1.0 token (P4)", async () => {
    expect(await verdict(enforcer, tokenOf("at-jwt", {}, { typ: "JWT" }))).toBe("missing_claim");
    expect(await verdict(enforcer, tokenOf("at-jwt", { nbf: 1 }, { typ: "JWT" }))).toBe("unknown_claim");
  });
});

describe("claims that a profile does not define", () => {
  const EXTRA = {
    scp: "write:/",
    scopes: ["write:/"],
    permissions: ["write:/"],
    roles: ["admin"],
    groups: ["/cms"],
    entitlements: ["write:/"],
    authorities: ["write:/"],
    acls: [["write", "/"]],
    "wlcg.capabilities": "write:/",
    realm_access: { roles: ["write"] },
    __scope: "write:/",
  };

  it.each(["scitokens-2", "wlcg", "at-jwt"] as const)("grant nothing in a %s token (P5)", async (profile) => {
    const plain = await enforcer.verify(tokenOf(profile));
    const token = await enforcer.verify(tokenOf(profile, EXTRA));
    expect(token.scopes).toEqual(plain.scopes);
    expect(token.acls).toEqual(plain.acls);
    expect(token.groups).toEqual([]);
    expect(enforcer.test(token, "write", "/x")).toBe(false);
    expect(enforcer.test(token, "storage.modify", "/x")).toBe(false);
  });

  it("grant nothing by the name __proto__ (P5)", async () => {
    const token = await enforcer.verify(withClaim("at-jwt", "__proto__", { scope: "write", scopes: ["write"] }));
    expect(enforcer.test(token, "write")).toBe(false);
    expect(enforcer.test(token, "queue")).toBe(true);
    const bare = tokenOf(
      "at-jwt",
      Object.fromEntries([
        ["scope", undefined],
        ["__proto__", { scope: "write" }],
      ]),
    );
    expect((await enforcer.verify(bare)).scopes).toEqual([]);
  });

  it.each(["scitokens-2", "at-jwt", "oauth"] as const)("make no groups of a %s token (P5)", async (profile) => {
    const of = enforcerWith({ profiles: [profile] });
    const token = await of.verify(tokenOf(profile, { "wlcg.groups": ["/cms"] }));
    expect(token.groups).toEqual([]);
    // What the profile does not define is not judged either.
    expect(await verdict(of, tokenOf(profile, { "wlcg.groups": "nonsense" }))).toBe("good");
  });
});

it("judges a token by its own issuer's profiles, of several (P1)", async () => {
  const other = testKey("ES256", key.kid);
  const both = enforcerWith({
    issuer: [
      { issuer: "https://issuer.example.org", jwks: { keys: [key.jwk] }, profiles: ["scitokens-2"] },
      { issuer: "https://wlcg.example.org", jwks: { keys: [key.jwk, { ...other.jwk, kid: "2" }] }, profiles: ["wlcg"] },
    ],
  });
  expect(await verdict(both, tokenOf("scitokens-2"))).toBe("good");
  expect(await verdict(both, tokenOf("wlcg"))).toBe("profile");
  expect(await verdict(both, tokenOf("wlcg", { iss: "https://wlcg.example.org" }))).toBe("good");
  expect(await verdict(both, tokenOf("scitokens-2", { iss: "https://wlcg.example.org" }))).toBe("profile");
});
