// Times, audiences and the types of claims. Rules C1 to C8.
import { createEnforcer } from "@scitokens/core";
import type { Audience, EnforcerOptions, ProfileName } from "@scitokens/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { encode } from "../support/sign.js";
import {
  AUDIENCE,
  CANARY,
  claimsOf,
  enforcerWith,
  EVERY_PROFILE,
  GOOD_HEADER,
  ISSUER,
  key,
  NOW,
  signSegments,
  tokenOf,
  verdict,
} from "../support/static-issuer.js";
import { wrong } from "../support/wrong.js";

const ANY = "ANY";
const WLCG_ANY = "https://wlcg.cern.ch/jwt/v1/any";
const TIMES = ["exp", "nbf", "iat"] as const;
const EPSILON = 2 ** -20;

const enforcer = enforcerWith();
const judged = (changes: object, options: Partial<EnforcerOptions> = {}) =>
  verdict(enforcerWith(options), tokenOf("scitokens-2", { ...changes }));

/** A token in which one claim is written as this JSON text, for what JavaScript's own JSON would not write. */
function written(name: string, text: string): string {
  const payload = JSON.stringify(claimsOf("scitokens-2", { [name]: "@" })).replace('"@"', text);
  return signSegments(GOOD_HEADER, encode(payload));
}

describe.each(TIMES)("%s", (name) => {
  it.each([`${NOW + 60}`, "", true, false, null, [], [NOW], {}, -1, -0.5, -(2 ** 53), 2 ** 53, 2 ** 64])(
    "is refused when it is %j (C1)",
    async (value) => {
      expect(await judged({ [name]: value })).toBe("invalid_claim");
    },
  );

  it.each(["1e400", "-1e400", "1e308", "9007199254740992", "9007199254740991.5", "-1e-300"])(
    "is refused when it is written %s (C1)",
    async (text) => {
      expect(await verdict(enforcer, written(name, text))).toBe("invalid_claim");
    },
  );

  it("may be 2^53 - 1, and not 2^53 (C1)", async () => {
    const expected = name === "exp" ? "good" : "not_yet_valid";
    expect(await verdict(enforcer, written(name, "9007199254740991"))).toBe(expected);
    expect(await verdict(enforcer, written(name, "9007199254740992"))).toBe("invalid_claim");
  });

  it("may be 0, and not less (C1)", async () => {
    const expected = name === "exp" ? "expired" : "good";
    expect(await judged({ [name]: 0 })).toBe(expected);
    expect(await verdict(enforcer, written(name, "-0.0000001"))).toBe("invalid_claim");
  });

  it("may have a fraction or an exponent (C1)", async () => {
    expect(await judged({ [name]: NOW + 0.5 })).toBe("good");
    expect(await verdict(enforcer, written(name, "1.790000001e9"))).toBe("good");
  });

  it("is refused by its type in every profile (C1)", async () => {
    for (const profile of EVERY_PROFILE) {
      const of = enforcerWith({ profiles: [profile] });
      expect(await verdict(of, tokenOf(profile, { [name]: `${NOW}` }))).toBe("invalid_claim");
    }
  });
});

describe("expiry", () => {
  it.each(EVERY_PROFILE)("is required of a %s token (C2)", async (profile) => {
    const of = enforcerWith({ profiles: [profile] });
    expect(await verdict(of, tokenOf(profile))).toBe("good");
    expect(await verdict(of, tokenOf(profile, { exp: undefined }))).toBe("missing_claim");
  });

  it("refuses exp equal to now (C2)", async () => {
    expect(await judged({ exp: NOW })).toBe("expired");
    expect(await judged({ exp: NOW - EPSILON })).toBe("expired");
    expect(await judged({ exp: NOW + EPSILON })).toBe("good");
  });

  it("gives exp no grace, however much clockTolerance there is (C2)", async () => {
    expect(await judged({ exp: NOW }, { clockTolerance: 600 })).toBe("expired");
    expect(await judged({ exp: NOW - 1 }, { clockTolerance: 600 })).toBe("expired");
  });

  it("refuses a token that expires while it is remembered (C2)", async () => {
    let now = NOW;
    const ageing = enforcerWith({ clock: () => now });
    const raw = tokenOf("scitokens-2");
    now = NOW + 600 - EPSILON;
    expect(await verdict(ageing, raw)).toBe("good");
    now = NOW + 600;
    expect(await verdict(ageing, raw)).toBe("expired");
  });

  it.each([
    ["NaN", Number.NaN],
    ["nothing", undefined],
    ["an invalid Date", new Date(Number.NaN)],
  ])("takes no token for fresh when the clock says %s (C2)", async (_, time) => {
    const broken = enforcerWith({ clock: () => wrong(time) });
    const outcome = await broken.verify(tokenOf("scitokens-2", { exp: 1 })).then(
      () => "good",
      () => "refused",
    );
    expect(outcome).toBe("refused");
  });
});

describe.each(["nbf", "iat"] as const)("%s in the future", (name) => {
  it("is taken up to 60 s by default, and no more (C3)", async () => {
    expect(await judged({ [name]: NOW + 60 })).toBe("good");
    expect(await judged({ [name]: NOW + 60 + EPSILON })).toBe("not_yet_valid");
  });

  it.each([0, 0.5, 1, 600])("is taken up to a clockTolerance of %d s, and no more (C3)", async (clockTolerance) => {
    const lasting = { exp: NOW + 10_000 };
    expect(await judged({ ...lasting, [name]: NOW + clockTolerance }, { clockTolerance })).toBe("good");
    expect(await judged({ ...lasting, [name]: NOW + clockTolerance + EPSILON }, { clockTolerance })).toBe(
      "not_yet_valid",
    );
  });

  it("is looked at again for a remembered token (C3)", async () => {
    let now = NOW;
    const goingBack = enforcerWith({ clock: () => now });
    const raw = tokenOf("scitokens-2", { [name]: NOW });
    expect(await verdict(goingBack, raw)).toBe("good");
    now = NOW - 61;
    expect(await verdict(goingBack, raw)).toBe("not_yet_valid");
  });

  it("comes with a hint at the clocks (C3)", async () => {
    const refusal = enforcer.verify(tokenOf("scitokens-2", { [name]: NOW + 61 }));
    await expect(refusal).rejects.toMatchObject({ hint: expect.stringContaining("clockTolerance") as unknown });
  });
});

describe("the clock", () => {
  afterEach(() => void vi.useRealTimers());

  it("is read once a decision (C4)", async () => {
    const clock = vi.fn(() => NOW);
    const counted = enforcerWith({ clock });
    const reads = (): number => {
      const { length } = clock.mock.calls;
      clock.mockClear();
      return length;
    };
    reads();
    const token = await counted.verify(tokenOf("scitokens-2"));
    expect(reads()).toBe(1);
    await counted.verify(tokenOf("scitokens-2")); // another text: ES256 signs with a nonce
    expect(reads()).toBe(1);
    counted.test(token, "read", "/data");
    expect(reads()).toBe(1);
    await counted.explain(token, "read", "/data");
    expect(reads()).toBe(1);
    await counted.explain(tokenOf("scitokens-2"), "read", "/data");
    expect(reads()).toBe(1);
  });

  it("is read anew for each decision, not when the enforcer is made (C4)", async () => {
    let now = NOW - 1000;
    const moving = enforcerWith({ clock: () => now });
    const raw = tokenOf("scitokens-2", { exp: NOW + 1 });
    expect(await verdict(moving, raw)).toBe("not_yet_valid");
    now = NOW;
    expect(await verdict(moving, raw)).toBe("good");
    now = NOW + 1;
    expect(await verdict(moving, raw)).toBe("expired");
  });

  it("is the system's by default, in seconds (C4)", async () => {
    vi.useFakeTimers({ now: NOW * 1000, toFake: ["Date"] });
    const real = createEnforcer({ issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE });
    expect(await verdict(real, tokenOf("scitokens-2", { exp: NOW }))).toBe("expired");
    expect(await verdict(real, tokenOf("scitokens-2", { exp: NOW + 1, nbf: NOW + 60 }))).toBe("good");
  });
});

describe("audience", () => {
  it.each([
    ["the server's name", AUDIENCE],
    ["a list with the server's name", [AUDIENCE]],
    ["a list with the server's name among others", ["https://other.example.org", AUDIENCE, "x"]],
  ])("takes %s (C5)", async (_, aud) => {
    expect(await judged({ aud })).toBe("good");
  });

  it.each([
    ["another name", "https://other.example.org"],
    ["a list of other names", ["https://other.example.org", "x"]],
    ["the name with a slash", `${AUDIENCE}/`],
    ["the name with a port", `${AUDIENCE}:443`],
    ["the name in capitals", AUDIENCE.toUpperCase()],
    ["the name with a blank", ` ${AUDIENCE}`],
    ["a part of the name", AUDIENCE.slice(0, -1)],
    ["two names in one text", `${AUDIENCE} https://other.example.org`],
    ["two names with a comma", `${AUDIENCE},x`],
    ["the empty text", ""],
    ["a pattern", "https://*.example.org"],
    ["any in small letters", "any"],
  ])("refuses %s (C5)", async (_, aud) => {
    expect(await judged({ aud })).toBe("audience");
    if (typeof aud === "string") expect(await judged({ aud: [aud] })).toBe("audience");
  });

  it.each([[42], [null], [true], [{}], [{ aud: AUDIENCE }], [[]], [[AUDIENCE, 1]], [[AUDIENCE, null]], [[[AUDIENCE]]]])(
    "refuses an aud of %j (C5)",
    async (aud) => {
      expect(await judged({ aud })).toBe("invalid_claim");
    },
  );

  it("knows the server by each of its names (C5)", async () => {
    const audience = [AUDIENCE, "https://alias.example.org"];
    expect(await judged({ aud: audience[1] }, { audience })).toBe("good");
    expect(await judged({ aud: AUDIENCE }, { audience })).toBe("good");
    expect(await judged({ aud: "https://third.example.org" }, { audience })).toBe("audience");
  });

  it.each([AUDIENCE, [AUDIENCE], ANY, WLCG_ANY, ""])(
    "refuses aud %j where the server has no name (C5)",
    async (aud) => {
      expect(await judged({ aud }, { audience: null })).toBe("audience");
      expect(await verdict(enforcerWith({ audience: null }), tokenOf("scitokens-1", { aud }))).toBe("audience");
      expect(await verdict(enforcerWith({ audience: null }), tokenOf("wlcg", { aud }))).toBe("audience");
    },
  );

  it("takes a token without aud where the server has no name (C5)", async () => {
    expect(await verdict(enforcerWith({ audience: null }), tokenOf("scitokens-1", { aud: undefined }))).toBe("good");
  });

  it("can be each issuer's own (C5)", async () => {
    const issuer = { issuer: ISSUER, jwks: { keys: [key.jwk] } };
    const byIssuer = (audience: Audience) => enforcerWith({ issuer: { ...issuer, audience } });
    expect(await verdict(byIssuer("https://alias.example.org"), tokenOf("scitokens-2"))).toBe("audience");
    expect(
      await verdict(
        byIssuer("https://alias.example.org"),
        tokenOf("scitokens-2", { aud: "https://alias.example.org" }),
      ),
    ).toBe("good");
    expect(await verdict(byIssuer(null), tokenOf("scitokens-2"))).toBe("audience");
    expect(await verdict(byIssuer(null), tokenOf("scitokens-1", { aud: undefined }))).toBe("good");
  });

  const WILDCARDS: readonly (readonly [ProfileName, string, "good" | "audience"])[] = [
    ["scitokens-1", ANY, "good"],
    ["scitokens-2", ANY, "good"],
    ["wlcg", ANY, "audience"],
    ["at-jwt", ANY, "audience"],
    ["oauth", ANY, "audience"],
    ["scitokens-1", WLCG_ANY, "audience"],
    ["scitokens-2", WLCG_ANY, "audience"],
    ["wlcg", WLCG_ANY, "good"],
    ["at-jwt", WLCG_ANY, "audience"],
    ["oauth", WLCG_ANY, "audience"],
  ];

  it.each(WILDCARDS)("judges a %s token for %s: %s (C6)", async (profile, aud, expected) => {
    expect(await verdict(enforcerWith({ profiles: [profile] }), tokenOf(profile, { aud }))).toBe(expected);
    expect(await verdict(enforcerWith({ profiles: [profile] }), tokenOf(profile, { aud: ["x", aud] }))).toBe(expected);
  });

  it.each(WILDCARDS)("refuses a %s token for %s with acceptAnyAudience: false (C6)", async (profile, aud) => {
    const named = enforcerWith({ profiles: [profile], acceptAnyAudience: false });
    expect(await verdict(named, tokenOf(profile, { aud }))).toBe("audience");
    expect(await verdict(named, tokenOf(profile, { aud: [aud, AUDIENCE] }))).toBe("good");
  });

  it.each(["ANY ", "any", "*", `${WLCG_ANY}/`, WLCG_ANY.replace("https", "http")])(
    "knows no wildcard %j (C6)",
    async (aud) => {
      expect(await judged({ aud })).toBe("audience");
      expect(await verdict(enforcer, tokenOf("wlcg", { aud }))).toBe("audience");
    },
  );

  it("refuses a SciTokens 1.0 token without aud, unless allowMissingAudience says otherwise (C7)", async () => {
    const raw = tokenOf("scitokens-1", { aud: undefined });
    expect(await verdict(enforcer, raw)).toBe("audience");
    expect(await verdict(enforcerWith({ allowMissingAudience: false }), raw)).toBe("audience");
    expect(await verdict(enforcerWith({ allowMissingAudience: true }), raw)).toBe("good");
  });

  it("takes no wrong aud for a missing one (C7)", async () => {
    const lenient = enforcerWith({ allowMissingAudience: true });
    expect(await verdict(lenient, tokenOf("scitokens-1", { aud: "https://other.example.org" }))).toBe("audience");
    expect(await verdict(lenient, tokenOf("scitokens-1", { aud: [] }))).toBe("invalid_claim");
    expect(await verdict(lenient, tokenOf("scitokens-1", { aud: null }))).toBe("invalid_claim");
  });

  it.each(["scitokens-2", "wlcg", "at-jwt", "oauth"] as const)(
    "requires aud of a %s token, allowMissingAudience or not (C7)",
    async (profile) => {
      const lenient = enforcerWith({ profiles: [profile], allowMissingAudience: true });
      expect(await verdict(lenient, tokenOf(profile, { aud: undefined }))).toBe("missing_claim");
    },
  );
});

describe("types of claims", () => {
  it.each(["sub", "jti", "client_id"])("takes a string, and nothing else, as %s (C8)", async (name) => {
    expect(await judged({ [name]: CANARY })).toBe("good");
    expect(await judged({ [name]: "" })).toBe("good");
    expect(await judged({ [name]: undefined })).toBe("good");
    for (const value of [42, null, true, [CANARY], { [CANARY]: 1 }]) {
      expect(await judged({ [name]: value })).toBe("invalid_claim");
    }
  });

  it("takes no iss but a string that is a configured issuer (C8)", async () => {
    for (const iss of [
      undefined,
      null,
      42,
      [ISSUER],
      { toString: ISSUER },
      `${ISSUER}/`,
      "",
      "__proto__",
      "constructor",
    ]) {
      expect(await judged({ iss })).toBe("untrusted_issuer");
    }
    expect(await judged({ iss: ISSUER })).toBe("good");
  });

  it("has no longest lifetime by default (C8)", async () => {
    expect(await judged({ exp: 2 ** 53 - 1, iat: 0, nbf: 0 })).toBe("good");
  });

  it("takes a lifetime of maxTokenLifetime, and no more (C8)", async () => {
    const options = { maxTokenLifetime: 600 };
    expect(await judged({ iat: NOW, exp: NOW + 600 }, options)).toBe("good");
    expect(await judged({ iat: NOW, exp: NOW + 600 + EPSILON }, options)).toBe("lifetime");
    expect(await judged({ iat: NOW - 300, exp: NOW + 301 }, options)).toBe("lifetime");
  });

  it.each([
    ["from nbf where there is no iat", { nbf: NOW - 300, exp: NOW + 300 }, { nbf: NOW - 300, exp: NOW + 301 }],
    ["from now where there is neither", { exp: NOW + 600 }, { exp: NOW + 601 }],
  ])("counts maxTokenLifetime %s (C8)", async (_, within, beyond) => {
    const plain = enforcerWith({ profiles: ["oauth"], maxTokenLifetime: 600 });
    expect(await verdict(plain, tokenOf("oauth", within))).toBe("good");
    expect(await verdict(plain, tokenOf("oauth", beyond))).toBe("lifetime");
  });
});
