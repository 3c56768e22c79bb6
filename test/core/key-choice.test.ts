// Which key verifies a token: its issuer's, by kid, and only one that is fit for it. Rules I10, I11, I12.
import type { Enforcer } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { AUDIENCE, goodToken, HOUR, ISSUER, publish, settled, verdict } from "../support/scripted-issuer.js";
import { encode, signToken, testKey } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";
import { newKeyPair } from "../support/key-pair.js";

const good = testKey("ES256", "good");
const rsa = testKey("RS256", "rsa");
const elliptic = testKey("ES256", "elliptic");
const OTHER = "https://other.example.org";

const { network, clock, enforcerOf } = issuerForEachTest();

/** An enforcer for an issuer with these keys. */
function withKeys(...keys: readonly unknown[]): Enforcer {
  publish(network, keys);
  return enforcerOf();
}

const tokenOf = (key: TestKey, header: Record<string, unknown> = {}): string => goodToken(key, clock.now, {}, header);
const withoutKid = (key: TestKey): string => tokenOf(key, { kid: undefined });

function keyIds(enforcer: Enforcer): readonly string[] | undefined {
  return enforcer.status()[0]?.keyIds;
}

/** A modulus or an exponent of exactly so many bits. */
function integer(bits: number, lowest = 1): string {
  const bytes = Buffer.alloc(Math.ceil(bits / 8));
  bytes[0] = 1 << ((bits - 1) % 8);
  bytes[bytes.length - 1]! |= lowest;
  return bytes.toString("base64url");
}

/**
 * 2048 bits that are a power of 65537 modulo each odd prime up to 167, as the moduli of one faulty library are
 * (CVE-2017-15361). @param off moves them on, with all residues but that modulo 13 left as they are
 */
function guessable(off = 0n): string {
  const primes = Array.from({ length: 165 }, (_, i) => i + 3).filter((n) => !smallerDivides(n));
  const product = primes.reduce((all, prime) => all * BigInt(prime), 1n);
  const n = product * ((1n << 2047n) / product + 1n) + (65_537n ** 7n % product);
  const odd = n % 2n === 0n ? n + product : n;
  return Buffer.from((odd + off * ((2n * product) / 13n)).toString(16), "hex").toString("base64url");
}

function smallerDivides(n: number): boolean {
  for (let divisor = 2; divisor < n; divisor++) if (n % divisor === 0) return true;
  return false;
}

const rsaEntry = (n: string, e = "AQAB"): Record<string, unknown> => ({ kty: "RSA", kid: "rsa", n, e });

describe("the kid", () => {
  it("names the key (I10)", async () => {
    const enforcer = withKeys(good, rsa, elliptic);
    for (const key of [good, rsa, elliptic]) expect(await verdict(enforcer, tokenOf(key))).toBe("good");
  });

  it("that names another key of the issuer does not verify (I10)", async () => {
    expect(await verdict(withKeys(good, elliptic), tokenOf(good, { kid: "elliptic" }))).toBe("signature");
  });

  it.each(["GOOD", "good ", "goo", "good/", ""])(
    "%j is not the kid good: it is compared to the letter (I10)",
    async (kid) => {
      expect(await verdict(withKeys(good), tokenOf(good, { kid }))).toBe("unknown_key");
    },
  );

  it("may be missing when the issuer has one usable key (I10)", async () => {
    expect(await verdict(withKeys(good), withoutKid(good))).toBe("good");
    expect(await verdict(withKeys({ ...good.jwk, kid: undefined }), withoutKid(good))).toBe("good");
  });

  it("may be missing when all other keys are unusable (I10)", async () => {
    const enforcer = withKeys({ ...elliptic.jwk, use: "enc" }, good, { kty: "oct", kid: "hmac" });
    expect(await verdict(enforcer, withoutKid(good))).toBe("good");
  });

  it("may not be missing when there are two keys, or none (I10)", async () => {
    expect(await verdict(withKeys(good, elliptic), withoutKid(good))).toBe("unknown_key");
    expect(await verdict(withKeys(good, rsa), withoutKid(rsa))).toBe("unknown_key");
    expect(await verdict(withKeys(), withoutKid(good))).toBe("unknown_key");
  });

  it("may not name a key that has none (I10)", async () => {
    expect(await verdict(withKeys({ ...good.jwk, kid: undefined }), tokenOf(good))).toBe("unknown_key");
  });

  it("is expected of a WLCG token, though the issuer has one key (I10)", async () => {
    const claims = {
      "wlcg.ver": "1.0",
      iss: ISSUER,
      aud: AUDIENCE,
      iat: clock.now,
      exp: clock.now + 600,
      sub: "s",
      jti: "1",
    };
    const enforcer = withKeys(good);
    expect(await verdict(enforcer, signToken(good, claims))).toBe("good");
    expect(await verdict(enforcer, signToken(good, claims, { alg: "ES256" }))).toBe("profile");
  });

  it("of a token means nothing where the only key was given as PEM (I10)", async () => {
    const publicKey = good.publicKey.export({ type: "spki", format: "pem" }).toString();
    const enforcer = enforcerOf({ issuer: { issuer: ISSUER, publicKey } });
    expect(await verdict(enforcer, tokenOf(good))).toBe("good");
    expect(await verdict(enforcer, withoutKid(good))).toBe("good");
    expect(await verdict(enforcer, tokenOf(elliptic))).toBe("signature");
  });
});

describe("two keys with one kid", () => {
  const twin = testKey("ES256", "good");

  it("are refused when both fit, whichever stands first (I10)", async () => {
    expect(await verdict(withKeys(good, twin), tokenOf(good))).toBe("unknown_key");
    expect(await verdict(withKeys(twin, good), tokenOf(good))).toBe("unknown_key");
  });

  it("are told apart when only one fits the token's alg (I10)", async () => {
    const enforcer = withKeys({ ...rsa.jwk, kid: "both" }, { ...elliptic.jwk, kid: "both" });
    expect(await verdict(enforcer, tokenOf(rsa, { kid: "both" }))).toBe("good");
    expect(await verdict(enforcer, tokenOf(elliptic, { kid: "both" }))).toBe("good");
  });

  it("are told apart when one of them is unusable (I10)", async () => {
    expect(await verdict(withKeys({ ...twin.jwk, use: "enc" }, good), tokenOf(good))).toBe("good");
  });

  it("are refused though they are one key twice, after a refresh as before (I10)", async () => {
    const enforcer = withKeys(good, good, elliptic);
    expect(await verdict(enforcer, tokenOf(good))).toBe("unknown_key");
    clock.now += 6 * HOUR;
    await verdict(enforcer, tokenOf(elliptic));
    await settled();
    expect(await verdict(enforcer, tokenOf(good))).toBe("unknown_key");
  });

  it("do not spoil the other keys (I10)", async () => {
    expect(await verdict(withKeys(good, twin, elliptic), tokenOf(elliptic))).toBe("good");
  });
});

const { privateKey: weakKey, publicKey: weak } = newKeyPair("rsa", { modulusLength: 1024 });
const privateJwk = (key: TestKey): object => ({ ...key.jwk, ...key.privateKey.export({ format: "jwk" }) });

/** What stands beside a good key; all but the first have the kid of `rsa` or `elliptic`, and are no key of theirs. */
const IGNORED: readonly [string, unknown][] = [
  ["null", null],
  ["a number", 7],
  ["a text", "elliptic"],
  ["a list", [elliptic.jwk]],
  ["an empty object", {}],
  ["a key without kty", { ...elliptic.jwk, kty: undefined }],
  ["an unknown kty", { ...elliptic.jwk, kty: "AKP" }],
  ["a kty in lower case", { ...elliptic.jwk, kty: "ec" }],
  ["an unknown curve", { ...elliptic.jwk, crv: "secp256k1" }],
  ["an EC key without y", { ...elliptic.jwk, y: undefined }],
  ["an EC key whose x is a number", { ...elliptic.jwk, x: 7 }],
  ["use: enc", { ...elliptic.jwk, use: "enc" }],
  ["use: SIG", { ...elliptic.jwk, use: "SIG" }],
  ["use: null", { ...elliptic.jwk, use: null }],
  ["key_ops without verify", { ...elliptic.jwk, key_ops: ["sign"] }],
  ["empty key_ops", { ...elliptic.jwk, key_ops: [] }],
  ["key_ops that are a text", { ...elliptic.jwk, key_ops: "verify" }],
  ["alg HS256 on an EC key", { ...elliptic.jwk, alg: "HS256" }],
  ["alg HS256 on an RSA key", { ...rsa.jwk, alg: "HS256" }],
  ["alg none", { ...elliptic.jwk, alg: "none" }],
  ["the alg of another key type", { ...elliptic.jwk, alg: "RS256" }],
  ["the alg of an encryption", { ...rsa.jwk, alg: "RSA-OAEP" }],
  ["a kid that is a number", { ...elliptic.jwk, kid: 7 }],
  ["a symmetric key", { kty: "oct", kid: "elliptic", k: encode("secret".repeat(8)), alg: "HS256" }],
  ["an RSA key of 1024 bits", { ...weak.export({ format: "jwk" }), kid: "rsa" }],
  ["an RSA key of 2047 bits", rsaEntry(integer(2047))],
  ["an RSA key of 2047 bits behind zeros", rsaEntry(encodeZeros(2047))],
  ["an RSA key of 8193 bits", rsaEntry(integer(8193))],
  ["an RSA key whose primes can be guessed", rsaEntry(guessable())],
  ["an RSA key without n", { ...rsa.jwk, n: undefined }],
  ["an RSA key whose n is empty", { ...rsa.jwk, n: "" }],
  ["an RSA key whose n is standard base64", { ...rsa.jwk, n: "+/".repeat(171) }],
  ["e = 0", { ...rsa.jwk, e: "AA" }],
  ["e = 1", { ...rsa.jwk, e: "AQ" }],
  ["e = 1 behind zeros", { ...rsa.jwk, e: "AAAB" }],
  ["e = 2", { ...rsa.jwk, e: "Ag" }],
  ["e = 65536", { ...rsa.jwk, e: "AQAA" }],
  ["e of 65 bits", { ...rsa.jwk, e: integer(65) }],
  ["e as long as n", { ...rsa.jwk, e: integer(2048) }],
  ["e that is a number", { ...rsa.jwk, e: 65_537 }],
  ["a private EC key", privateJwk(elliptic)],
  ["a private RSA key", privateJwk(rsa)],
  ["an RSA key with one prime", { ...rsa.jwk, p: "AQ" }],
];

function encodeZeros(bits: number): string {
  return Buffer.concat([Buffer.alloc(8), Buffer.from(integer(bits), "base64url")]).toString("base64url");
}

describe("in a set", () => {
  it.each(IGNORED)("%s is ignored, and the key beside it serves (I10)", async (_, entry) => {
    const enforcer = withKeys(entry, good);
    expect(await verdict(enforcer, tokenOf(good))).toBe("good");
    expect(keyIds(enforcer)).toEqual(["good"]);
    expect(await verdict(enforcer, tokenOf(elliptic))).toBe("unknown_key");
    expect(await verdict(enforcer, tokenOf(rsa))).toBe("unknown_key");
  });

  it("a key of 1024 bits verifies nothing that it signed (I10)", async () => {
    const key: TestKey = { alg: "RS256", kid: "weak", privateKey: weakKey, publicKey: weak, jwk: {} };
    const enforcer = withKeys({ ...weak.export({ format: "jwk" }), kid: "weak" }, good);
    expect(await verdict(enforcer, tokenOf(key))).toBe("unknown_key");
  });

  const TAKEN: readonly [string, Record<string, unknown>][] = [
    ["an RSA key of 2048 bits", rsaEntry(integer(2048))],
    ["an RSA key of 8192 bits", rsaEntry(integer(8192))],
    ["an RSA key of 8192 bits behind zeros", rsaEntry(encodeZeros(8192))],
    ["an RSA key that only nearly has the mark of guessable primes", rsaEntry(guessable(1n))],
    ["e = 3", { ...rsa.jwk, e: "Aw" }],
    ["e of 64 bits", { ...rsa.jwk, e: integer(64) }],
  ];

  it.each(TAKEN)("%s is a usable key (I10)", async (_, entry) => {
    const enforcer = withKeys(entry, good);
    await enforcer.ready();
    expect(keyIds(enforcer)).toEqual(["rsa", "good"]);
  });

  const VERIFIES: readonly [string, TestKey, Record<string, unknown>][] = [
    ["without use, alg and key_ops", rsa, { kty: "RSA", kid: "rsa", n: rsa.jwk["n"], e: rsa.jwk["e"] }],
    ["with key_ops verify", elliptic, { ...elliptic.jwk, key_ops: ["verify"] }],
    ["with key_ops sign and verify", elliptic, { ...elliptic.jwk, key_ops: ["sign", "verify"] }],
    ["with padded n, as the Python key tool writes it", rsa, { ...rsa.jwk, n: `${String(rsa.jwk["n"])}==` }],
    ["with padded e", rsa, { ...rsa.jwk, e: "AAEAAQ==" }],
    [
      "with padded x and y",
      elliptic,
      { ...elliptic.jwk, x: `${String(elliptic.jwk["x"])}=`, y: `${String(elliptic.jwk["y"])}=` },
    ],
    ["with members that nobody knows", elliptic, { ...elliptic.jwk, x5c: ["x"], x5u: "http://127.0.0.1/", nbf: 0 }],
  ];

  it.each(VERIFIES)("a key %s verifies (I10)", async (_, key, entry) => {
    expect(await verdict(withKeys(entry, good), tokenOf(key))).toBe("good");
  });

  it("the 100th key serves, and the 101st is ignored (I10)", async () => {
    const others = Array.from({ length: 99 }, (_, i) => ({ ...good.jwk, kid: `${i}` }));
    const enforcer = withKeys(...others, elliptic, rsa);
    expect(await verdict(enforcer, tokenOf(elliptic))).toBe("good");
    expect(await verdict(enforcer, tokenOf(rsa))).toBe("unknown_key");
    expect(keyIds(enforcer)).toHaveLength(100);
  });

  it("the 101st key is ignored though those before it are unusable (I10)", async () => {
    const enforcer = withKeys(...Array.from({ length: 100 }, () => ({ kty: "AKP" })), good);
    expect(await verdict(enforcer, tokenOf(good))).toBe("unknown_key");
  });

  it("99 keys serve beside a bad one, wherever it stands (I10)", async () => {
    for (const at of [0, 50, 99]) {
      const keys: unknown[] = Array.from({ length: 99 }, (_, i) => ({ ...good.jwk, kid: `${i}` }));
      keys.splice(at, 0, null);
      const enforcer = withKeys(...keys);
      for (const kid of ["0", "49", "98"]) expect(await verdict(enforcer, tokenOf(good, { kid }))).toBe("good");
    }
  });

  it("a point off the curve is no key: its tokens are refused, and no error of the program (I10)", async () => {
    const enforcer = withKeys({ ...elliptic.jwk, y: elliptic.jwk["x"] }, good);
    expect(await verdict(enforcer, tokenOf(elliptic))).toBe("unknown_key");
    expect(await verdict(enforcer, tokenOf(good))).toBe("good");
  });

  it("a key that is named but does not fit the token's alg is no reason to ask again (I10)", async () => {
    const enforcer = withKeys({ ...rsa.jwk, alg: "RS512" }, good);
    expect(await verdict(enforcer, tokenOf(good))).toBe("good");
    expect(await verdict(enforcer, tokenOf(rsa))).toBe("unknown_key");
    expect(network.asked(`${ISSUER}/keys`)).toBe(1);
  });
});

describe("a key belongs to its issuer", () => {
  const here = testKey("ES256", "same");
  const there = testKey("ES256", "same");

  it("and the same kid of another issuer never verifies (I11)", async () => {
    publish(network, [here]);
    publish(network, [there], { issuer: OTHER });
    const enforcer = enforcerOf({ issuer: [ISSUER, OTHER] });
    expect(await verdict(enforcer, goodToken(here, clock.now))).toBe("good");
    expect(await verdict(enforcer, goodToken(there, clock.now, { iss: OTHER }))).toBe("good");
    expect(await verdict(enforcer, goodToken(there, clock.now))).toBe("signature");
    expect(await verdict(enforcer, goodToken(here, clock.now, { iss: OTHER }))).toBe("signature");
  });

  it("and is not looked for at another issuer that has it (I11)", async () => {
    publish(network, [good]);
    publish(network, [elliptic], { issuer: OTHER });
    const enforcer = enforcerOf({ issuer: [ISSUER, OTHER] });
    await enforcer.ready();
    expect(await verdict(enforcer, goodToken(elliptic, clock.now))).toBe("unknown_key");
    expect(await verdict(enforcer, goodToken(good, clock.now, { iss: OTHER }))).toBe("unknown_key");
  });

  it("though issuer and kid, written one after the other, read the same (I11)", async () => {
    const pairs = [
      { issuer: `${ISSUER}/a`, key: testKey("ES256", "b/c") },
      { issuer: `${ISSUER}/a/b`, key: testKey("ES256", "c") },
    ] as const;
    for (const { issuer, key } of pairs) publish(network, [key], { issuer });
    const enforcer = enforcerOf({ issuer: pairs.map(({ issuer }) => issuer) });
    for (const { issuer, key } of pairs) {
      expect(await verdict(enforcer, goodToken(key, clock.now, { iss: issuer }))).toBe("good");
    }
    const crossed = goodToken(pairs[1].key, clock.now, { iss: pairs[0].issuer }, { kid: "b/c" });
    expect(await verdict(enforcer, crossed)).toBe("signature");
  });

  it("also where both sets are given in the configuration (I11)", async () => {
    const enforcer = enforcerOf({
      issuer: [
        { issuer: ISSUER, jwks: { keys: [here.jwk] } },
        { issuer: OTHER, jwks: { keys: [there.jwk] } },
      ],
    });
    expect(await verdict(enforcer, goodToken(here, clock.now))).toBe("good");
    expect(await verdict(enforcer, goodToken(there, clock.now))).toBe("signature");
  });
});

describe("several issuers", () => {
  const jwks = { keys: [good.jwk, rsa.jwk] };
  const from = (
    iss: string,
    key: TestKey,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ) => goodToken(key, clock.now, { iss, ...claims }, header);

  it("have their own audience (I12)", async () => {
    const other = { issuer: OTHER, jwks, audience: "https://other-name.example.org" };
    const enforcer = enforcerOf({ issuer: [{ issuer: ISSUER, jwks }, other] });
    expect(await verdict(enforcer, from(ISSUER, good))).toBe("good");
    expect(await verdict(enforcer, from(OTHER, good))).toBe("audience");
    expect(await verdict(enforcer, from(OTHER, good, { aud: other.audience }))).toBe("good");
    expect(await verdict(enforcer, from(ISSUER, good, { aud: other.audience }))).toBe("audience");
  });

  it("have their own base path (I12)", async () => {
    const issuer = [
      { issuer: ISSUER, jwks, basePath: "/here" },
      { issuer: OTHER, jwks, basePath: ["/there", "/also"] },
    ];
    const enforcer = enforcerOf({ issuer });
    const [one, other] = [await enforcer.verify(from(ISSUER, good)), await enforcer.verify(from(OTHER, good))];
    const allowed = ["/here/x", "/there/x", "/also/x"].map((path) => [
      one.allows("read", path),
      other.allows("read", path),
    ]);
    expect(allowed).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
  });

  it("have their own algorithms (I12)", async () => {
    const enforcer = enforcerOf({
      issuer: [
        { issuer: ISSUER, jwks },
        { issuer: OTHER, jwks, algorithms: ["ES256"] },
      ],
    });
    expect(await verdict(enforcer, from(ISSUER, rsa))).toBe("good");
    expect(await verdict(enforcer, from(OTHER, rsa))).toBe("algorithm");
    expect(await verdict(enforcer, from(OTHER, good))).toBe("good");
  });

  it("have their own profiles (I12)", async () => {
    const enforcer = enforcerOf({
      issuer: [
        { issuer: ISSUER, jwks },
        { issuer: OTHER, jwks, profiles: ["wlcg"] },
      ],
    });
    expect(await verdict(enforcer, from(ISSUER, good))).toBe("good");
    expect(await verdict(enforcer, from(OTHER, good))).toBe("profile");
    expect(await verdict(enforcer, from(OTHER, good, { ver: undefined, "wlcg.ver": "1.0" }))).toBe("good");
  });

  it("have their own keys: one that is down leaves the other alone (I12)", async () => {
    publish(network, [good], { issuer: OTHER });
    const enforcer = enforcerOf({ issuer: [ISSUER, OTHER] });
    expect(await verdict(enforcer, from(ISSUER, good))).toBe("issuer_unavailable");
    expect(await verdict(enforcer, from(OTHER, good))).toBe("good");
  });

  it("cannot have one name (I12)", () => {
    expect(() => enforcerOf({ issuer: [ISSUER, { issuer: ISSUER, jwks }] })).toThrow(
      /issuer: the same issuer stands twice/,
    );
  });
});
