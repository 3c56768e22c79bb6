// Verified tokens in memory: what is kept, what is looked at again, and who shares it. Rules V1 to V3, I15.
import { createEnforcer, SciToken } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, IssuerOptions, KeyOptions } from "@scitokens/core";
import { createProtection } from "@scitokens/core/http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { heldAfter } from "../support/garbage.js";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  AUDIENCE,
  createNetwork,
  failureOf,
  goodToken,
  HOUR,
  ISSUER,
  JWKS_URL,
  METADATA_URL,
  publish,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const another = testKey("ES256", "k2");
const issuer: IssuerOptions = { issuer: ISSUER, jwks: { keys: [key.jwk] } };

const { network, clock } = issuerForEachTest(key);
/** Called once a verification, and not for a verdict from the cache. */
let verifications: ReturnType<typeof vi.fn<(value: unknown) => boolean>>;

beforeEach(() => {
  verifications = vi.fn(() => true);
});

function enforcerOf(more: Partial<EnforcerOptions> = {}): Enforcer {
  return createEnforcer({ issuer, audience: AUDIENCE, clock: clock.read, validators: { sub: verifications }, ...more });
}

const tokenOf = (sub = "alice", claims: Record<string, unknown> = {}): string =>
  goodToken(key, clock.now, { sub, ...claims });

/** Those of the tokens that needed no verification when they were asked for again. */
async function remembered(enforcer: Enforcer, tokens: readonly string[]): Promise<number> {
  verifications.mockClear();
  for (const token of tokens) await enforcer.verify(token);
  return tokens.length - verifications.mock.calls.length;
}

describe("a verified token", () => {
  it("is kept: the second request gets the same one, without a verification (V1)", async () => {
    const [enforcer, raw] = [enforcerOf(), tokenOf()];
    const token = await enforcer.verify(raw);
    expect(token).toBeInstanceOf(SciToken);
    expect(await enforcer.verify(raw)).toBe(token);
    expect(verifications).toHaveBeenCalledTimes(1);
  });

  it("is not kept with tokenCache: false (V1)", async () => {
    const [enforcer, raw] = [enforcerOf({ tokenCache: false }), tokenOf()];
    for (let times = 0; times < 3; times++) await enforcer.verify(raw);
    expect(verifications).toHaveBeenCalledTimes(3);
  });

  it.each([1, 2, 3, 4, 5, 10, 10 / 3])("is one of at most tokenCache: %d (V1)", async (tokenCache) => {
    const enforcer = enforcerOf({ tokenCache });
    const tokens = Array.from({ length: Math.ceil(3 * tokenCache) + 5 }, (_, i) => tokenOf(`${i}`));
    for (const token of tokens) await enforcer.verify(token);
    const newestFirst = await remembered(enforcer, tokens.toReversed());
    expect(newestFirst).toBeLessThanOrEqual(tokenCache);
    expect(newestFirst).toBeGreaterThan(0);
  });

  it("is kept while it is asked for, however many others come (V1)", async () => {
    const [enforcer, regular] = [enforcerOf({ tokenCache: 4 }), tokenOf("regular")];
    await enforcer.verify(regular);
    for (let i = 0; i < 50; i++) {
      await enforcer.verify(tokenOf(`${i}`));
      expect(await remembered(enforcer, [regular])).toBe(1);
    }
  });

  it("is one of 10,000 by default: 5000 are kept all (V1)", async () => {
    const enforcer = enforcerOf();
    const tokens = Array.from({ length: 5000 }, (_, i) => tokenOf(`${i}`));
    for (const token of tokens) await enforcer.verify(token);
    expect(await remembered(enforcer, tokens)).toBe(5000);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, true, "10"])(
    "takes no tokenCache: %j (V1)",
    (tokenCache) => {
      expect(() => enforcerOf({ tokenCache: tokenCache as number })).toThrow(/tokenCache/);
    },
  );

  it("is known by its whole text: another last character is another token (V1)", async () => {
    const [enforcer, raw] = [enforcerOf(), tokenOf()];
    await enforcer.verify(raw);
    // The four characters that can end the 86 of a signature of 64 bytes, and all others.
    for (const last of "AQgwBCDEabcd0189-_") {
      if (raw.endsWith(last)) continue;
      const outcome = await verdict(enforcer, raw.slice(0, -1) + last);
      expect(outcome).toBe("AQgw".includes(last) ? "signature" : "malformed");
    }
    expect(await remembered(enforcer, [raw])).toBe(1);
  });

  it("is known by its whole text: another header or payload is another token (V1)", async () => {
    const [enforcer, raw] = [enforcerOf(), tokenOf()];
    await enforcer.verify(raw);
    const [header, payload, signature] = raw.split(".");
    const [otherHeader] = goodToken(key, clock.now, {}, { typ: "at+jwt" }).split(".");
    const [, otherPayload] = tokenOf("mallory").split(".");
    expect(await verdict(enforcer, `${otherHeader}.${payload}.${signature}`)).toBe("signature");
    expect(await verdict(enforcer, `${header}.${otherPayload}.${signature}`)).toBe("signature");
    expect(await verdict(enforcer, `${raw} `)).toBe("malformed");
    expect(await remembered(enforcer, [raw])).toBe(1);
  });

  it("of one enforcer is not another's (V1)", async () => {
    const raw = tokenOf();
    await enforcerOf().verify(raw);
    expect(await verdict(enforcerOf({ audience: "https://other.example.org" }), raw)).toBe("audience");
  });
});

describe("on every hit", () => {
  it("exp is looked at: good until the moment, refused at it (V2)", async () => {
    const [enforcer, raw, start] = [enforcerOf(), tokenOf("alice", { exp: clock.now + 600 }), clock.now];
    await enforcer.verify(raw);
    clock.now = start + 599.9;
    expect(await verdict(enforcer, raw)).toBe("good");
    expect(verifications).toHaveBeenCalledTimes(1);
    clock.now = start + 600;
    expect(await verdict(enforcer, raw)).toBe("expired");
    expect(await verdict(enforcer, raw)).toBe("expired");
  });

  it("an expired token is not kept: with the clock set back it is verified anew (V2)", async () => {
    const [enforcer, raw, start] = [enforcerOf(), tokenOf("alice", { exp: clock.now + 600 }), clock.now];
    await enforcer.verify(raw);
    clock.now = start + 600;
    await verdict(enforcer, raw);
    clock.now = start;
    verifications.mockClear();
    expect(await verdict(enforcer, raw)).toBe("good");
    expect(verifications).toHaveBeenCalledTimes(1);
  });

  it.each(["nbf", "iat"])(
    "%s is looked at: a clock that is set back refuses beyond the tolerance (V2)",
    async (claim) => {
      const start = clock.now;
      const raw = tokenOf("alice", { nbf: start - HOUR, iat: start - HOUR, [claim]: start });
      const enforcer = enforcerOf({ clockTolerance: 60 });
      await enforcer.verify(raw);
      clock.now = start - 60;
      expect(await verdict(enforcer, raw)).toBe("good");
      clock.now = start - 60.1;
      expect(await verdict(enforcer, raw)).toBe("not_yet_valid");
      clock.now = start;
      expect(await verdict(enforcer, raw)).toBe("good");
    },
  );

  it("the key is looked at: gone after a refresh, the verdict is gone (V2, I8)", async () => {
    publish(network, [key, another]);
    const enforcer = enforcerOf({ issuer: ISSUER, keys: { fetch: network.fetch } });
    const raw = tokenOf();
    await enforcer.verify(raw);
    publish(network, [another]);
    clock.now += 6 * HOUR;
    expect(await verdict(enforcer, raw)).toBe("good");
    await settled();
    expect(await verdict(enforcer, raw)).toBe("unknown_key");
  });

  it("the revocation hook is asked, with the token (V2)", async () => {
    const isRevoked = vi.fn<(token: SciToken) => boolean>(() => false);
    const [enforcer, raw] = [enforcerOf({ isRevoked }), tokenOf()];
    for (let times = 0; times < 3; times++) expect((await enforcer.verify(raw)).subject).toBe("alice");
    expect(isRevoked.mock.calls.map(([token]) => token.subject)).toEqual(["alice", "alice", "alice"]);
    expect(verifications).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["at once", (value: boolean) => value],
    ["later", (value: boolean) => Promise.resolve(value)],
  ])("a revocation that is answered %s holds from then on, and no longer (V2)", async (_, answer) => {
    let revoked = false;
    const [enforcer, raw] = [enforcerOf({ isRevoked: () => answer(revoked) }), tokenOf()];
    expect(await verdict(enforcer, raw)).toBe("good");
    revoked = true;
    expect(await verdict(enforcer, raw)).toBe("revoked");
    revoked = false;
    expect(await verdict(enforcer, raw)).toBe("good");
  });

  it("a revocation hook that fails lets nobody through: its error is the program's (V2)", async () => {
    let fails = false;
    const isRevoked = (): boolean => {
      if (fails) throw new RangeError("no list");
      return false;
    };
    const [enforcer, raw] = [enforcerOf({ isRevoked }), tokenOf()];
    await enforcer.verify(raw);
    fails = true;
    expect(await failureOf(enforcer.verify(raw))).toBeInstanceOf(RangeError);
  });

  it("the hook is not asked about a token that is refused (V2)", async () => {
    const isRevoked = vi.fn(() => false);
    const [enforcer, raw] = [enforcerOf({ isRevoked }), tokenOf("alice", { exp: clock.now + 600 })];
    await enforcer.verify(raw);
    clock.now += 600;
    await verdict(enforcer, raw);
    await verdict(enforcer, goodToken(another, clock.now, {}, { kid: "k1" }));
    expect(isRevoked).toHaveBeenCalledTimes(1);
  });
});

describe("requests at once", () => {
  it("with one token verify it once, and get the same one (V3)", async () => {
    const [enforcer, raw] = [enforcerOf(), tokenOf()];
    const tokens = await Promise.all(Array.from({ length: 200 }, () => enforcer.verify(raw)));
    expect(new Set(tokens).size).toBe(1);
    expect(verifications).toHaveBeenCalledTimes(1);
  });

  it("verify once though the keys have to be fetched, and though nothing is kept (V3)", async () => {
    const enforcer = enforcerOf({ issuer: ISSUER, keys: { fetch: network.fetch }, tokenCache: false });
    const raw = tokenOf();
    await Promise.all(Array.from({ length: 50 }, () => enforcer.verify(raw)));
    expect(verifications).toHaveBeenCalledTimes(1);
  });

  it("with different tokens verify each (V3)", async () => {
    const enforcer = enforcerOf();
    await Promise.all(Array.from({ length: 50 }, (_, i) => enforcer.verify(tokenOf(`${i}`))));
    expect(verifications).toHaveBeenCalledTimes(50);
  });

  it("are refused together when the token is bad, and the next one is judged anew (V3)", async () => {
    const [enforcer, raw] = [enforcerOf(), tokenOf()];
    verifications.mockReturnValue(false);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => verdict(enforcer, raw)));
    expect(new Set(outcomes)).toEqual(new Set(["invalid_claim"]));
    expect(verifications).toHaveBeenCalledTimes(1);
    verifications.mockReturnValue(true);
    expect(await verdict(enforcer, raw)).toBe("good");
  });

  it("are each asked about a revocation (V3)", async () => {
    const isRevoked = vi.fn(() => false);
    const [enforcer, raw] = [enforcerOf({ isRevoked }), tokenOf()];
    await Promise.all(Array.from({ length: 50 }, () => enforcer.verify(raw)));
    expect([isRevoked.mock.calls.length, verifications.mock.calls.length]).toEqual([50, 1]);
  });
});

describe("a refused token", () => {
  it("is not remembered: 5000 bad signatures below 2 kB each hold no memory (V3)", async () => {
    const enforcer = enforcerOf();
    const raw = tokenOf();
    const dot = raw.indexOf(".");
    const rest = raw.slice(dot);
    const held = await heldAfter(async () => {
      for (let i = 0; i < 5000; i++) {
        const header = { alg: "ES256", kid: "k1", x: `${i}`.padEnd(2000, "x") };
        await verdict(enforcer, Buffer.from(JSON.stringify(header)).toString("base64url") + rest);
      }
    });
    expect(held).toBeLessThan(3_000_000);
  });

  it("is good once what refused it has changed (V3)", async () => {
    publish(network, [another]);
    const enforcer = enforcerOf({ issuer: ISSUER, keys: { fetch: network.fetch } });
    const raw = tokenOf("alice", { nbf: clock.now + HOUR });
    expect(await verdict(enforcer, raw)).toBe("unknown_key");
    publish(network, [key, another]);
    expect(await verdict(enforcer, raw)).toBe("not_yet_valid");
    clock.now += HOUR;
    expect(await verdict(enforcer, raw)).toBe("good");
  });
});

describe("equal options", () => {
  let options: EnforcerOptions;

  beforeEach(() => {
    options = { issuer: ISSUER, audience: AUDIENCE, clock: clock.read, keys: { fetch: network.fetch } };
  });

  const sharedBy = (given: EnforcerOptions): Enforcer => createProtection(given).enforcer;
  const keyFetches = (): readonly number[] => [network.asked(METADATA_URL), network.asked(JWKS_URL)];

  it("share an enforcer: fifty routes, one fetch (I15)", async () => {
    const scopes = Array.from({ length: 50 }, (_, i) => `read:/${i}`);
    const enforcers = scopes.map((scope) => createProtection({ ...options, scope }).enforcer);
    expect(new Set(enforcers).size).toBe(1);
    await Promise.all(enforcers.map((enforcer) => enforcer.verify(tokenOf())));
    expect(keyFetches()).toEqual([1, 1]);
  });

  it("are equal whatever the order and spelling of what means the same (I15)", () => {
    const enforcer = sharedBy(options);
    expect(sharedBy(Object.fromEntries(Object.entries(options).toReversed()) as unknown as EnforcerOptions)).toBe(
      enforcer,
    );
    expect(sharedBy({ ...options, issuer: [{ issuer: ISSUER }], audience: [AUDIENCE] })).toBe(enforcer);
    expect(sharedBy({ ...options, keys: { ...options.keys } })).toBe(enforcer);
  });

  it("are equal whatever the route asks for beside them (I15)", () => {
    const route = { scope: "read:/x", groups: ["/cms"], realm: "data", optional: true };
    expect(createProtection({ ...options, ...route }).enforcer).toBe(sharedBy(options));
  });

  const validator = (): boolean => true;
  const pem = (): string => key.publicKey.export({ type: "spki", format: "pem" }).toString();
  const OTHERWISE: readonly [string, Partial<EnforcerOptions>, "its keys" | "no keys"][] = [
    ["audience", { audience: "https://other.example.org" }, "its keys"],
    ["audience null", { audience: null }, "its keys"],
    ["audience", { audience: [AUDIENCE, "https://other.example.org"] }, "its keys"],
    ["profiles", { profiles: ["wlcg"] }, "its keys"],
    ["validators", { validators: { sub: validator } }, "its keys"],
    ["isRevoked", { isRevoked: () => false }, "its keys"],
    ["clockTolerance", { clockTolerance: 0 }, "its keys"],
    ["maxTokenLifetime", { maxTokenLifetime: 600 }, "its keys"],
    ["maxTokenBytes", { maxTokenBytes: 1024 }, "its keys"],
    ["acceptAnyAudience", { acceptAnyAudience: false }, "its keys"],
    ["allowMissingAudience", { allowMissingAudience: true }, "its keys"],
    ["equivalence", { equivalence: false }, "its keys"],
    ["tokenCache", { tokenCache: false }, "its keys"],
    ["issuer: audience", { issuer: { issuer: ISSUER, audience: "https://other.example.org" } }, "its keys"],
    ["issuer: basePath", { issuer: { issuer: ISSUER, basePath: "/x" } }, "its keys"],
    ["issuer: profiles", { issuer: { issuer: ISSUER, profiles: ["wlcg"] } }, "its keys"],
    ["issuer: another beside it", { issuer: [ISSUER, "https://other.example.org"] }, "its keys"],
    ["clock", { clock: () => 1_800_000_000 }, "no keys"],
    ["algorithms", { algorithms: ["ES256"] }, "no keys"],
    ["issuer: algorithms", { issuer: { issuer: ISSUER, algorithms: ["ES256"] } }, "no keys"],
    ["issuer: allowInsecureIssuer", { issuer: { issuer: ISSUER, allowInsecureIssuer: true } }, "no keys"],
    ["issuer: jwksUri", { issuer: { issuer: ISSUER, jwksUri: JWKS_URL } }, "no keys"],
    ["issuer: jwks", { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } } }, "no keys"],
    ["issuer: jwks", { issuer: { issuer: ISSUER, jwks: { keys: [another.jwk] } } }, "no keys"],
    ["issuer: publicKey", { issuer: { issuer: ISSUER, publicKey: pem() } }, "no keys"],
    ["onEvent", { onEvent: () => {} }, "no keys"],
  ];
  const OTHER_KEYS: readonly KeyOptions[] = [
    { refreshAfter: 600 },
    { usableFor: 86_400 },
    { timeout: 1 },
    { cooldown: 60 },
    { maxBytes: 2048 },
  ];

  const byShare = OTHERWISE.map(([name, more, shares]) => [name, shares, more] as const);

  it.each(byShare)("are not equal with another %s: it shares %s (I15)", async (_, shares, more) => {
    const [one, other] = [sharedBy(options), sharedBy({ ...options, ...more })];
    expect(other).not.toBe(one);
    await one.ready();
    expect(keyFetches()).toEqual([1, 1]);
    expect(other.status()[0]?.state === "fresh").toBe(shares === "its keys");
  });

  it.each(OTHER_KEYS)("are not equal, and share no keys, with keys: %j (I15)", async (keys) => {
    const [one, other] = [sharedBy(options), sharedBy({ ...options, keys: { ...options.keys, ...keys } })];
    expect(other).not.toBe(one);
    await one.ready();
    await other.ready();
    expect(keyFetches()).toEqual([2, 2]);
  });

  it("are not equal with another fetch: each network is asked for itself (I15)", async () => {
    const elsewhere = createNetwork();
    publish(elsewhere, [another]);
    const [one, other] = [sharedBy(options), sharedBy({ ...options, keys: { fetch: elsewhere.fetch } })];
    const raw = tokenOf();
    expect([await verdict(one, raw), await verdict(other, raw)]).toEqual(["good", "unknown_key"]);
    expect([keyFetches(), elsewhere.asked(JWKS_URL)]).toEqual([[1, 1], 1]);
  });

  it("are not equal with functions that only look the same (I15)", () => {
    const make = () => () => false;
    expect(sharedBy({ ...options, isRevoked: make() })).not.toBe(sharedBy({ ...options, isRevoked: make() }));
    expect(sharedBy({ ...options, isRevoked: validator })).toBe(sharedBy({ ...options, isRevoked: validator }));
    expect(sharedBy({ ...options, validators: { sub: validator } })).toBe(
      sharedBy({ ...options, validators: { sub: validator } }),
    );
    expect(sharedBy({ ...options, validators: { sub: validator } })).not.toBe(
      sharedBy({ ...options, validators: { jti: validator } }),
    );
  });

  it("share keys and no verdict where the audience differs (I15)", async () => {
    const raw = tokenOf();
    const [one, other] = [sharedBy(options), sharedBy({ ...options, audience: "https://other.example.org" })];
    expect(await verdict(one, raw)).toBe("good");
    expect(await verdict(other, raw)).toBe("audience");
    expect(await verdict(one, raw)).toBe("good");
    expect(keyFetches()).toEqual([1, 1]);
  });

  it.each<[string, Partial<EnforcerOptions>, string]>([
    ["profiles", { profiles: ["wlcg"] }, "profile"],
    ["validators", { validators: { sub: () => false } }, "invalid_claim"],
    ["isRevoked", { isRevoked: () => true }, "revoked"],
    ["clock", { clock: () => 2_000_000_000 }, "expired"],
    ["algorithms", { algorithms: ["RS256"] }, "algorithm"],
    ["maxTokenLifetime", { maxTokenLifetime: 60 }, "lifetime"],
    ["jwks", { issuer: { issuer: ISSUER, jwks: { keys: [another.jwk] } } }, "unknown_key"],
  ])("share no verdict where %s differ (I15)", async (_, more, outcome) => {
    const raw = tokenOf();
    expect(await verdict(sharedBy(options), raw)).toBe("good");
    expect(await verdict(sharedBy({ ...options, ...more }), raw)).toBe(outcome);
    expect(await verdict(sharedBy(options), raw)).toBe("good");
  });

  it("are looked at when the route is made: what changes later makes another enforcer (I15)", async () => {
    const changing: { -readonly [Name in keyof EnforcerOptions]: EnforcerOptions[Name] } = { ...options };
    const before = sharedBy(changing);
    changing.audience = "https://other.example.org";
    expect(sharedBy(changing)).not.toBe(before);
    expect(await verdict(before, tokenOf())).toBe("good");
  });

  it("are not those of createEnforcer: what it makes is its caller's own (I15)", () => {
    expect(createEnforcer(options)).not.toBe(createEnforcer(options));
    const own = createEnforcer(options);
    expect(createProtection({ enforcer: own }).enforcer).toBe(own);
    expect(sharedBy(options)).not.toBe(own);
  });

  it("make a new enforcer once the old one is closed: who has that goes on, and the new one need not ask again (I15)", async () => {
    const closed = sharedBy(options);
    await closed.verify(tokenOf());
    closed.close();
    const next = sharedBy(options);
    expect(next).not.toBe(closed);
    expect(await verdict(next, tokenOf())).toBe("good");
    expect(keyFetches()).toEqual([1, 1]);
    expect(await verdict(closed, tokenOf())).toBe("good");
  });

  it("stay shared when one that was closed is closed again (I15)", () => {
    const closed = sharedBy(options);
    closed.close();
    const next = sharedBy(options);
    closed.close();
    expect(sharedBy(options)).toBe(next);
  });
});
