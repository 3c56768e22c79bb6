// A wrong option stops the program at start, with a TypeError that names it. Rules C3 to C6, I4, P2, T1, T3, V1.
import { createEnforcer } from "@scitokens/core";
import type { EnforcerOptions } from "@scitokens/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, errorOfIssuer, errorOfKeys, goodOptions, NOTHING, trusted } from "../support/option-errors.js";
import {
  AUDIENCE,
  CANARY,
  claimsOf,
  enforcerWith,
  ISSUER,
  key,
  NOW,
  tokenOf,
  verdict,
} from "../support/static-issuer.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const WLCG_ANY = "https://wlcg.cern.ch/jwt/v1/any";

describe("options as a whole", () => {
  it("are taken when they are right (C5)", () => {
    expect(errorOf({})).toBe(NOTHING);
    expect(typeErrorOf(() => createEnforcer({ issuer: ISSUER, audience: null }))).toBe(NOTHING);
  });

  it.each([[undefined], [null], ["x"], [42], [[]], [[goodOptions]], [() => goodOptions]])(
    "are an object, and not %j (C5)",
    (options) => {
      expect(typeErrorOf(() => createEnforcer(wrong(options)))).toMatch(/^(options|audience): expected/);
    },
  );

  it.each([
    ["audiance", "audience"],
    ["audeince", "audience"],
    ["Audience", "audience"],
    ["audiences", "audience"],
    ["issuers", "issuer"],
    ["clockTolerence", "clockTolerance"],
    ["maxTokenLifeTime", "maxTokenLifetime"],
    ["maxTokenByte", "maxTokenBytes"],
    ["acceptAnyAudiance", "acceptAnyAudience"],
    ["allowMissingAudiences", "allowMissingAudience"],
    ["equivalance", "equivalence"],
    ["algoritms", "algorithms"],
    ["profile", "profiles"],
    ["key", "keys"],
    ["tokencache", "tokenCache"],
    ["validator", "validators"],
    ["isRevoke", "isRevoked"],
    ["clok", "clock"],
    ["onevent", "onEvent"],
  ])("with the name %s are meant to be %s (C5)", (name, meant) => {
    expect(errorOf({ [name]: undefined })).toBe(`options: unknown option '${name}'; did you mean '${meant}'?`);
  });

  it.each(["iss", "cacheTimeout", "secret", "", "constructor", "toString", "insecure"])(
    "with the unknown name %j are refused with a list of the known (C5)",
    (name) => {
      expect(errorOf({ [name]: 1 })).toMatch(new RegExp(`^options: unknown option '${name}'; known are .*audience`));
    },
  );

  it("are refused by the name __proto__, too (C5)", () => {
    expect(errorOf(Object.fromEntries([["__proto__", {}]]))).toContain("unknown option '__proto__'");
  });

  it("decide as they stood when the enforcer was made, whatever the caller changes later (C5)", async () => {
    const audience = [AUDIENCE];
    const profiles: "scitokens-2"[] = ["scitokens-2"];
    const jwks = { keys: [{ ...key.jwk }] };
    const issuer = { issuer: ISSUER, jwks, basePath: ["/vo"] };
    const validators: Record<string, () => boolean> = {};
    const options = { issuer: [issuer], audience, profiles, validators, clock: () => NOW };
    const enforcer = createEnforcer(options);
    audience.push("https://other.example.org");
    profiles.length = 0;
    jwks.keys.length = 0;
    issuer.basePath.push("/");
    options.issuer.length = 0;
    options.clock = () => NOW + 1e6;
    validators["sub"] = () => false;
    const token = await enforcer.verify(tokenOf("scitokens-2", { scope: "read:/" }));
    expect(enforcer.test(token, "read", "/vo/x")).toBe(true);
    expect(enforcer.test(token, "read", "/other")).toBe(false);
    expect(await verdict(enforcer, tokenOf("scitokens-2", { aud: "https://other.example.org" }))).toBe("audience");
  });
});

describe("audience", () => {
  it.each([
    ["missing", undefined],
    ["empty", ""],
    ["an empty list", []],
    ["a list with an empty name", [AUDIENCE, ""]],
    ["a list with null", [AUDIENCE, null]],
    ["a number", 42],
    ["true", true],
    ["false", false],
    ["an object", { audience: AUDIENCE }],
    ["a list in a list", [[AUDIENCE]]],
    ["ANY", "ANY"],
    ["ANY in a list", [AUDIENCE, "ANY"]],
    ["the WLCG any-URL", WLCG_ANY],
    ["the WLCG any-URL in a list", [WLCG_ANY]],
  ])("is not %s (C5)", (_, audience) => {
    expect(errorOf({ audience })).toMatch(/^audience: /);
    // Neither where each issuer has its own: the option is wrong all the same.
    expect(errorOf({ audience, issuer: { ...trusted, audience: AUDIENCE } })).toMatch(/^audience: /);
    if (audience !== undefined) expect(errorOfIssuer({ audience })).toMatch(/^audience: /);
  });

  it.each([[AUDIENCE], [[AUDIENCE]], [[AUDIENCE, "x"]], [null], ["any"], ["ANYTHING"]])(
    "may be %j (C5)",
    (audience) => {
      expect(errorOf({ audience })).toBe(NOTHING);
      expect(errorOfIssuer({ audience })).toBe(NOTHING);
    },
  );

  it("says that null means no name, where there is none (C5)", () => {
    expect(errorOf({ audience: undefined })).toMatch(/null/);
    expect(errorOf({ audience: [] })).toMatch(/null/);
    expect(errorOf({ audience: "" })).toMatch(/null/);
  });
});

describe("single options", () => {
  /** Each with its smallest and largest value; what lies just outside is refused. */
  const NUMBERS = [
    ["clockTolerance", 0, 600, [-1, -0.001, 600.001]],
    ["maxTokenLifetime", 1, Number.MAX_VALUE, [0, 0.999, -1]],
    ["maxTokenBytes", 256, 1_048_576, [255, 1_048_577, 0]],
    ["tokenCache", 1, 10_000_000, [0, -1, 10_000_001]],
  ] as const;

  it.each(NUMBERS)("%s is a number from %d to %d (C3)", (name, least, most, outside) => {
    expect(errorOf({ [name]: least })).toBe(NOTHING);
    expect(errorOf({ [name]: most })).toBe(NOTHING);
    expect(errorOf({ [name]: undefined })).toBe(NOTHING);
    const others = [`${least}`, "", true, [], [least], {}, Number.NaN, Infinity, -Infinity, BigInt(300)];
    for (const value of [...outside, ...others]) {
      expect([value, errorOf({ [name]: value })]).toEqual([
        value,
        expect.stringMatching(new RegExp(`^${name}: expected a number`)),
      ]);
    }
  });

  it("tokenCache may be false, and nothing else of its kind (V1)", () => {
    expect(errorOf({ tokenCache: false })).toBe(NOTHING);
    expect(errorOf({ tokenCache: true })).toMatch(/^tokenCache: /);
  });

  it.each(["acceptAnyAudience", "allowMissingAudience", "equivalence"])("%s is true or false (C6)", (name) => {
    for (const value of [true, false, undefined]) expect(errorOf({ [name]: value })).toBe(NOTHING);
    for (const value of ["true", "false", "", 0, 1, null, {}, []]) {
      expect(errorOf({ [name]: value })).toBe(`${name}: expected true or false`);
    }
  });

  it.each(["isRevoked", "clock", "onEvent"])("%s is a function (C4)", (name) => {
    expect(errorOf({ [name]: () => NOW })).toBe(NOTHING);
    expect(errorOf({ [name]: undefined })).toBe(NOTHING);
    for (const value of [null, "x", NOW, true, {}, []])
      expect(errorOf({ [name]: value })).toBe(`${name}: expected a function`);
  });

  const LISTS = [
    [
      "algorithms",
      ["RS256", "ES256", "EdDSA"],
      ["HS256", "HS512", "none", "rs256", "ES256K", "RSA-OAEP", "", "__proto__", "toString"],
    ],
    ["profiles", ["scitokens-1", "scitokens-2", "wlcg", "at-jwt", "oauth"], ["scitokens", "WLCG", "", "constructor"]],
  ] as const;

  it.each(LISTS)("%s is a list of known names, of which there is at least one (T3)", (name, known, unknown) => {
    for (const of of [errorOf, errorOfIssuer]) {
      expect(of({ [name]: known })).toBe(NOTHING);
      expect(of({ [name]: undefined })).toBe(NOTHING);
      for (const value of [[], "", known[0], {}, 42, true]) {
        expect([value, of({ [name]: value })]).toEqual([
          value,
          expect.stringMatching(new RegExp(`^${name}: expected a list of ${known[0]}`)),
        ]);
      }
      for (const value of [...unknown, 42, null, [known[0]]]) {
        expect(of({ [name]: [known[0], value] })).toMatch(
          new RegExp(`^${name}: unknown '.*'; known are ${known[0] === "RS256" ? "RS256" : known[0]}`),
        );
      }
    }
  });

  it("validators is an object of functions (P2)", () => {
    expect(errorOf({ validators: { sub: () => true } })).toBe(NOTHING);
    expect(errorOf({ validators: {} })).toBe(NOTHING);
    expect(errorOf({ validators: undefined })).toBe(NOTHING);
    for (const value of ["x", 42, true, () => true])
      expect(errorOf({ validators: value })).toMatch(/^validators: expected an object/);
    for (const value of [true, "x", null, {}, /x/]) {
      expect(errorOf({ validators: { sub: () => true, email: value } })).toMatch(
        /^validators\.email: expected a function/,
      );
    }
  });

  // A null of a configuration file is a mistake, not the wish for the default.
  it.each([
    ["clockTolerance", { clockTolerance: null }],
    ["maxTokenLifetime", { maxTokenLifetime: null }],
    ["maxTokenBytes", { maxTokenBytes: null }],
    ["tokenCache", { tokenCache: null }],
    ["algorithms", { algorithms: null }],
    ["profiles", { profiles: null }],
    ["validators", { validators: null }],
    ["keys", { keys: null }],
    ["keys.refreshAfter", { keys: { refreshAfter: null } }],
    ["keys.usableFor", { keys: { usableFor: null } }],
    ["keys.timeout", { keys: { timeout: null } }],
    ["keys.cooldown", { keys: { cooldown: null } }],
    ["keys.maxBytes", { keys: { maxBytes: null } }],
    ["algorithms", { issuer: { ...trusted, algorithms: null } }],
    ["profiles", { issuer: { ...trusted, profiles: null } }],
  ])("%s is not null (C5)", (name, changes) => {
    expect(errorOf(changes)).toMatch(new RegExp(`^${name}: expected`));
  });

  it.each([
    ["a list", [() => true]],
    ["a Map, whose entries would go unseen", new Map([["sub", () => false]])],
  ])("validators is not %s (P2)", (_, validators) => {
    expect(errorOf({ validators })).toMatch(/^validators: expected an object/);
  });

  it("a validator is not undefined: its claim would be known to SciTokens 1.0, and nobody would check it (P2)", () => {
    expect(errorOf({ validators: { email: undefined } })).toMatch(/^validators\.email: expected a function/);
  });
});

describe("keys", () => {
  const NUMBERS = [
    ["refreshAfter", 60, 86_400, [59, 86_401, 0]],
    ["usableFor", 86_400, 345_600, [86_399, 345_601]],
    ["timeout", 0.001, 60, [0, 60.001, -1]],
    ["cooldown", 1, 3600, [0, 3601]],
    ["maxBytes", 1024, 16_777_216, [1023, 16_777_217]],
  ] as const;

  it.each(NUMBERS)("%s is a number from %d to %d (I4)", (name, least, most, outside) => {
    expect(errorOfKeys({ [name]: least })).toBe(NOTHING);
    expect(errorOfKeys({ [name]: most })).toBe(NOTHING);
    expect(errorOfKeys({ [name]: undefined })).toBe(NOTHING);
    for (const value of [...outside, `${least}`, "", true, [], {}, Number.NaN, Infinity]) {
      expect([value, errorOfKeys({ [name]: value })]).toEqual([
        value,
        expect.stringMatching(new RegExp(`^keys\\.${name}: expected a number`)),
      ]);
    }
  });

  it("fetch is a function (I4)", () => {
    expect(errorOfKeys({ fetch: vi.fn() })).toBe(NOTHING);
    for (const value of ["x", null, {}, true])
      expect(errorOfKeys({ fetch: value })).toBe("keys.fetch: expected a function");
  });

  it.each([
    ["refreshafter", "refreshAfter"],
    ["usablefor", "usableFor"],
    ["timeOut", "timeout"],
    ["coolDown", "cooldown"],
    ["maxByte", "maxBytes"],
    ["fetsch", "fetch"],
  ])("with the name %s is meant to be %s (I4)", (name, meant) => {
    expect(errorOfKeys({ [name]: undefined })).toBe(`keys: unknown option '${name}'; did you mean '${meant}'?`);
  });

  it("with an unknown name are refused with a list of the known (I4)", () => {
    expect(errorOfKeys({ retries: 3 })).toMatch(/^keys: unknown option 'retries'; known are refreshAfter, /);
    expect(errorOf({ keys: { retries: 3 } })).toMatch(/^keys: unknown option 'retries'/); // for static keys, too
  });

  it.each([["x"], [42], [true], [[]]])("are an object, and not %j (I4)", (keys) => {
    expect(errorOfKeys(keys)).toMatch(/^keys: expected an object of options/);
  });
});

describe("an option's message", () => {
  it("never shows a key or a token that was given in the wrong place (T1)", () => {
    const raw = tokenOf("scitokens-2");
    const secret = `${CANARY}-secret`;
    const options: readonly Partial<EnforcerOptions>[] = [
      wrong({ issuer: raw }),
      wrong({ issuer: { issuer: ISSUER, publicKey: secret } }),
      wrong({ issuer: { issuer: ISSUER, jwks: { keys: [{ kty: "oct", k: secret, kid: secret }] } } }),
      wrong({ issuer: { issuer: ISSUER, jwksUri: secret } }),
      wrong({ audience: claimsOf("scitokens-2") }),
      wrong({ clockTolerance: raw }),
    ];
    for (const changes of options) {
      const message = errorOf(changes);
      expect(message).not.toBe(NOTHING);
      expect(message).not.toContain(CANARY);
      expect(message).not.toContain(raw);
    }
  });

  it("is not needed where every option is right (C5)", async () => {
    expect(await verdict(enforcerWith(), tokenOf("scitokens-2"))).toBe("good");
  });
});
