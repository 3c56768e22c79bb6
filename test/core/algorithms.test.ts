// Which algorithms a token may be signed with, and what a signature of ES256 is. Rules T3, T5.
import { Buffer } from "node:buffer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { algorithmKey, EVERY_ALGORITHM } from "../support/every-algorithm.js";
import { encode, signBytes, signToken, signWithPublicKey, testKey } from "../support/sign.js";
import {
  CANARY,
  claimsOf,
  enforcerWith,
  GOOD_PAYLOAD,
  headerOf,
  key,
  signSegments,
  tokenOf,
  verdict,
} from "../support/static-issuer.js";

const enforcer = enforcerWith();
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = tokenOf("scitokens-2").split(".");

describe("algorithms", () => {
  afterEach(() => void vi.unstubAllGlobals());

  const signedBy = (alg: (typeof EVERY_ALGORITHM)[number], header: object = {}): string => {
    const signed = `${encode({ alg, kid: "any", ...header })}.${GOOD_PAYLOAD}`;
    return `${signed}.${algorithmKey(alg).sign(signed).toString("base64url")}`;
  };
  const publishing = (alg: (typeof EVERY_ALGORITHM)[number], jwk: object = {}) => ({
    jwks: { keys: [{ ...algorithmKey(alg).jwk, kid: "any", ...jwk }] },
  });

  it.each(EVERY_ALGORITHM)("takes %s where the issuer's list has it (T3)", async (alg) => {
    expect(await verdict(enforcerWith({}, { ...publishing(alg), algorithms: [alg] }), signedBy(alg))).toBe("good");
    expect(await verdict(enforcerWith({ algorithms: [alg] }, publishing(alg)), signedBy(alg))).toBe("good");
  });

  it.each(EVERY_ALGORITHM)(
    "refuses %s where the issuer's list lacks it, though its key could verify it (T3)",
    async (alg) => {
      const others = EVERY_ALGORITHM.filter((other) => other !== alg);
      expect(await verdict(enforcerWith({}, { ...publishing(alg), algorithms: others }), signedBy(alg))).toBe(
        "algorithm",
      );
    },
  );

  it.each(EVERY_ALGORITHM)("allows RS256 and ES256 alone by default: %s (T3)", async (alg) => {
    const expected = alg === "RS256" || alg === "ES256" ? "good" : "algorithm";
    expect(await verdict(enforcerWith({}, publishing(alg)), signedBy(alg))).toBe(expected);
  });

  it.each([
    ["nothing", undefined],
    ["none", "none"],
    ["None", "None"],
    ["NONE", "NONE"],
    ["HS256", "HS256"],
    ["HS384", "HS384"],
    ["HS512", "HS512"],
    ["es256", "es256"],
    ["ES256 with a blank", "ES256 "],
    ["ES256K", "ES256K"],
    ["RSA-OAEP", "RSA-OAEP"],
    ["dir", "dir"],
    ["the empty text", ""],
    ["a list", ["ES256"]],
    ["an object", { toString: "ES256" }],
    ["null", null],
    ["a number", 256],
    ["true", true],
    ["toString", "toString"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
    ["hasOwnProperty", "hasOwnProperty"],
  ])("refuses alg: %s, whatever is allowed and however good the signature (T3)", async (_, alg) => {
    const everything = enforcerWith({ algorithms: EVERY_ALGORITHM });
    expect(await verdict(everything, tokenOf("scitokens-2", {}, { alg }))).toBe("algorithm");
  });

  it("refuses an HMAC under the public key (T3)", async () => {
    const header = headerOf("scitokens-2", { alg: "HS256" });
    expect(await verdict(enforcer, signWithPublicKey(key, claimsOf("scitokens-2"), header))).toBe("algorithm");
    // The same trick under an allowed name.
    const raw = signWithPublicKey(key, claimsOf("scitokens-2"), headerOf("scitokens-2"));
    expect(await verdict(enforcer, raw)).toBe("signature");
  });

  it("does not take alg from __proto__ in the header (T3)", async () => {
    const header = `{"__proto__":{"alg":"ES256","kid":"${key.kid}"},"kid":"${key.kid}"}`;
    expect(await verdict(enforcer, signSegments(encode(header), GOOD_PAYLOAD))).toBe("algorithm");
    const both = `{"alg":"ES256","kid":"${key.kid}","__proto__":{"crit":["exp"]}}`;
    expect(await verdict(enforcer, signSegments(encode(both), GOOD_PAYLOAD))).toBe("good");
  });

  it.each([
    ["RS512 with a key for RS256", "RS512", { alg: "RS256" }],
    ["PS256 with a key for RS256", "PS256", { alg: "RS256" }],
    ["RS256 with a key for PS256", "RS256", { alg: "PS256" }],
    ["RS256 with a key for RSA-OAEP-256", "RS256", { alg: "RSA-OAEP-256" }],
    ["Ed25519 with a key for EdDSA", "Ed25519", { alg: "EdDSA" }],
  ] as const)("refuses %s, though the signature is good (T3)", async (_, alg, jwk) => {
    // The other entry keeps the set usable: one without any usable key is an error at start.
    const keys = [{ ...algorithmKey(alg).jwk, kid: "any", ...jwk }, key.jwk];
    const all = enforcerWith({ algorithms: EVERY_ALGORITHM }, { jwks: { keys } });
    expect(await verdict(all, signedBy(alg))).toBe("unknown_key");
    expect(await verdict(enforcerWith({ algorithms: EVERY_ALGORITHM }, publishing(alg, { alg })), signedBy(alg))).toBe(
      "good",
    );
  });

  it.each([
    ["RS256", "ES256"],
    ["ES256", "RS256"],
    ["ES384", "ES256"],
    ["ES256", "ES384"],
    ["EdDSA", "ES256"],
    ["ES512", "Ed25519"],
  ] as const)("refuses %s with a key that is for %s (T3)", async (alg, kind) => {
    const all = enforcerWith({ algorithms: EVERY_ALGORITHM }, publishing(kind));
    expect(await verdict(all, signedBy(alg))).toBe("unknown_key");
    expect(await verdict(all, signedBy(kind, { alg }))).toBe("unknown_key");
  });

  it("never follows jku, x5u, x5c or jwk of the header (T3)", async () => {
    const fetch = vi.fn(() => Promise.reject(new Error("fetched")));
    vi.stubGlobal("fetch", fetch);
    const watched = enforcerWith({ keys: { fetch } });
    const attacker = testKey("ES256", key.kid);
    const der = attacker.publicKey.export({ type: "spki", format: "der" }).toString("base64");
    const header = headerOf("scitokens-2", {
      jku: "https://attacker.example.org/jwks",
      x5u: "https://attacker.example.org/cert",
      x5c: [der],
      jwk: attacker.jwk,
    });
    expect(await verdict(watched, signToken(attacker, claimsOf("scitokens-2"), header))).toBe("signature");
    expect(await verdict(watched, signToken(key, claimsOf("scitokens-2"), header))).toBe("good");
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    ["null", null],
    ["a number", 1],
    ["a list", [key.kid]],
    ["an object", { kid: key.kid }],
  ])("refuses a kid that is %s (T3)", async (_, kid) => {
    expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { kid }))).toBe("header");
  });

  it.each(["__proto__", "constructor", "toString", "", "KEY-1", "key-1 ", `${CANARY}-kid`])(
    "knows no key of the name %j (T3)",
    async (kid) => {
      expect(await verdict(enforcer, tokenOf("scitokens-2", {}, { kid }))).toBe("unknown_key");
    },
  );

  it.each(["__proto__", "constructor", ""])("finds a key that is named %j (T3)", async (kid) => {
    const named = enforcerWith({}, { jwks: { keys: [{ ...key.jwk, kid }, testKey("ES256", "other").jwk] } });
    expect(await verdict(named, tokenOf("scitokens-2", {}, { kid }))).toBe("good");
    expect(await verdict(named, tokenOf("scitokens-2", {}, { kid: "other" }))).toBe("signature");
  });
});

describe("ES256 signatures", () => {
  const signed = `${HEADER}.${PAYLOAD}`;
  const good = Buffer.from(SIGNATURE, "base64url");
  const zeros = Buffer.alloc(32);

  it("takes 64 bytes, r and s (T5)", async () => {
    expect(good).toHaveLength(64);
    expect(await verdict(enforcer, `${signed}.${good.toString("base64url")}`)).toBe("good");
  });

  it.each([
    ["63 bytes", good.subarray(0, 63)],
    ["65 bytes", Buffer.concat([good, Buffer.from([0])])],
    ["65 bytes with a zero before", Buffer.concat([Buffer.from([0]), good])],
    ["r twice as long", Buffer.concat([zeros, good.subarray(0, 32), zeros, good.subarray(32)])],
    ["r = 0", Buffer.concat([zeros, good.subarray(32)])],
    ["s = 0", Buffer.concat([good.subarray(0, 32), zeros])],
    ["r = s = 0", Buffer.alloc(64)],
    ["one bit changed", Buffer.from(good.map((byte, i) => (i === 40 ? byte ^ 1 : byte)))],
  ])("refuses %s (T5)", async (_, signature) => {
    expect(await verdict(enforcer, `${signed}.${signature.toString("base64url")}`)).toBe("signature");
  });

  it("refuses the signature of another text (T5)", async () => {
    const raw = `${encode(headerOf("scitokens-2"))}.${encode(claimsOf("scitokens-2", { scope: "write:/" }))}`;
    expect(await verdict(enforcer, `${raw}.${SIGNATURE}`)).toBe("signature");
    expect(await verdict(enforcer, `${raw}.${signBytes(key, raw)}`)).toBe("good");
  });
});
