// Keys that sign: made, imported, and silent about their private half.
import { inspect } from "node:util";
import { createSigningKey, createToken, importSigningKey } from "@scitokens/issuer";
import type { SigningAlgorithm, SigningKey } from "@scitokens/issuer";
import { calculateJwkThumbprint, importJWK, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { wrong } from "./wrong.js";
import { newKeyPair } from "../support/key-pair.js";

const RSA: readonly SigningAlgorithm[] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const ALGS: readonly SigningAlgorithm[] = [...RSA, "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];

const rsa = newKeyPair("rsa", { modulusLength: 2048 });
const ec = newKeyPair("ec", { namedCurve: "P-256" });

async function verifies(key: SigningKey): Promise<boolean> {
  const token = await createToken({ aud: "a", scope: "s" }, { key, issuer: "https://issuer.test" });
  const { protectedHeader } = await jwtVerify(token, await importJWK({ ...key.publicJwk }), { algorithms: [key.alg] });
  return protectedHeader.kid === key.kid;
}

describe("createSigningKey", () => {
  it.each(ALGS)("makes a key for %s whose tokens jose verifies (T3)", async (alg) => {
    const key = await createSigningKey({ alg });
    expect(key.publicJwk).toMatchObject({ alg, kid: key.kid, use: "sig" });
    expect(await verifies(key)).toBe(true);
  });

  it("makes an ES256 key named by its RFC 7638 thumbprint where nothing is said", async () => {
    const key = await createSigningKey();
    expect(key.alg).toBe("ES256");
    expect(key.kid).toBe(await calculateJwkThumbprint({ ...key.publicJwk }));
  });

  it("takes the kid that is given, into the public JWK too", async () => {
    const key = await createSigningKey({ kid: "k1" });
    expect([key.kid, key.publicJwk.kid]).toEqual(["k1", "k1"]);
  });

  it("makes RSA keys of 2048 bits (I10)", async () => {
    const { n = "" } = (await createSigningKey({ alg: "RS256" })).publicJwk;
    expect(Buffer.from(n, "base64url").byteLength * 8).toBe(2048);
  });

  it("signs bytes and text alike", async () => {
    const key = await createSigningKey({ alg: "EdDSA" });
    expect(await key.sign("äb")).toEqual(await key.sign(new TextEncoder().encode("äb")));
  });

  it("is frozen, its public JWK too", async () => {
    const key = await createSigningKey();
    expect([Object.isFrozen(key), Object.isFrozen(key.publicJwk)]).toEqual([true, true]);
  });

  it.each([
    [{ alg: "HS256" }, /unknown alg 'HS256'/],
    [{ alg: "none" }, /unknown alg 'none'/],
    [{ alg: "ES265" }, /did you mean 'ES256'\?/],
    [{ algorithm: "ES256" }, /unknown option 'algorithm'; did you mean 'alg'\?/],
    [{ kid: "" }, /kid must be a string/],
    [{ kid: 1 }, /kid must be a string/],
  ])("refuses %o with a TypeError (T3)", async (options, message) => {
    await expect(createSigningKey(wrong(options))).rejects.toThrow(message);
    await expect(createSigningKey(wrong(options))).rejects.toBeInstanceOf(TypeError);
  });
});

describe("a private key", () => {
  it("does not show in JSON, in inspect, or in a spread", async () => {
    const jwk = ec.privateKey.export({ format: "jwk" });
    const key = await importSigningKey({ ...jwk });
    const shown = JSON.stringify(key) + inspect(key, { depth: 9, showHidden: true }) + JSON.stringify({ ...key });
    expect(shown).toContain(jwk.x);
    expect(shown).not.toContain(jwk.d);
    expect(Object.keys(key)).toEqual(["alg", "kid", "publicJwk", "sign"]);
    expect("d" in key.publicJwk).toBe(false);
  });

  it("can be saved on purpose, as SEC1 for one, and read again", async () => {
    const key = await createSigningKey();
    const again = await importSigningKey(key.privateKey.export({ type: "sec1", format: "pem" }).toString());
    expect(again.publicJwk).toEqual(key.publicJwk);
  });
});

describe("importSigningKey", () => {
  const pem = (type: "pkcs1" | "sec1" | "pkcs8"): string =>
    (type === "sec1" ? ec : rsa).privateKey.export({ type: wrong(type), format: "pem" }).toString();
  const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

  it.each([
    ["PKCS#8", pem("pkcs8"), "RS256"],
    ["PKCS#1", pem("pkcs1"), "RS256"],
    ["SEC1", pem("sec1"), "ES256"],
    ["SEC1 behind EC PARAMETERS", parameters + pem("sec1"), "ES256"],
    ["PKCS#8 with Windows line ends", pem("pkcs8").replaceAll("\n", "\r\n"), "RS256"],
  ])("reads a PEM key in %s", async (_form, text, alg) => {
    const key = await importSigningKey(text);
    expect(key.alg).toBe(alg);
    expect(await verifies(key)).toBe(true);
  });

  it.each([
    ["P-256", "ES256"],
    ["P-384", "ES384"],
    ["P-521", "ES512"],
  ])("takes from the curve %s the alg %s", async (namedCurve, alg) => {
    const { privateKey } = newKeyPair("ec", { namedCurve });
    expect((await importSigningKey({ ...privateKey.export({ format: "jwk" }) })).alg).toBe(alg);
  });

  it("reads an Ed25519 JWK as EdDSA, and as Ed25519 when asked", async () => {
    const jwk = { ...newKeyPair("ed25519").privateKey.export({ format: "jwk" }) };
    expect((await importSigningKey(jwk)).alg).toBe("EdDSA");
    expect((await importSigningKey(jwk, { alg: "Ed25519" })).alg).toBe("Ed25519");
  });

  it("reads a JWK with padded base64url, as the Python key tool writes it, and publishes it without (I10)", async () => {
    const padded = Object.entries(rsa.privateKey.export({ format: "jwk" })).map(([name, value]) => [
      name,
      name === "kty" ? value : `${String(value)}==`,
    ]);
    const key = await importSigningKey(Object.fromEntries(padded));
    expect(JSON.stringify(key.publicJwk)).not.toContain("=");
    expect(await verifies(key)).toBe(true);
  });

  it("keeps kid and alg of a JWK, and lets the option name another kid", async () => {
    const jwk = { ...rsa.privateKey.export({ format: "jwk" }), kid: "old", alg: "PS384" };
    expect(await importSigningKey(jwk)).toMatchObject({ kid: "old", alg: "PS384" });
    expect(await importSigningKey(jwk, { kid: "new" })).toMatchObject({ kid: "new", alg: "PS384" });
  });

  const small = newKeyPair("rsa", { modulusLength: 1024 }).privateKey;
  const jwk = { ...ec.privateKey.export({ format: "jwk" }) };
  const other = newKeyPair("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const { n, e, d } = rsa.privateKey.export({ format: "jwk" });
  const secret = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" } as const;
  it.each<[string, unknown, object, RegExp]>([
    ["a public PEM", ec.publicKey.export({ type: "spki", format: "pem" }), {}, /this is a public key/],
    ["a PKCS#1 public PEM", rsa.publicKey.export({ type: "pkcs1", format: "pem" }), {}, /this is a public key/],
    ["a certificate", "-----BEGIN CERTIFICATE-----\n", {}, /this is a public key/],
    ["a public JWK", { ...ec.publicKey.export({ format: "jwk" }) }, {}, /public key \(no 'd'\)/],
    ["a symmetric JWK", { kty: "oct", k: "c2VjcmV0" }, {}, /symmetric/],
    ["RSA below 2048 bits", small.export({ type: "pkcs1", format: "pem" }), {}, /1024 bits: 2048 to 8192/],
    ["RSA without its factors", { kty: "RSA", n, e, d }, {}, /n, e, d, p, q, dp, dq, qi/],
    ["an encrypted PKCS#8", ec.privateKey.export(secret), {}, /encrypted: decrypt it first/],
    ["an encrypted SEC1", pem("sec1").replace("\n", "\nProc-Type: 4,ENCRYPTED\n"), {}, /encrypted: decrypt it first/],
    ["an OpenSSH key", "-----BEGIN OPENSSH PRIVATE KEY-----\n", {}, /OpenSSH's own form/],
    ["JSON text", JSON.stringify(jwk), {}, /parse it first/],
    ["text", "secret", {}, /no PEM private key found/],
    ["a damaged PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", {}, /damaged/],
    ["null", null, {}, /PEM text or a JWK/],
    ["a key set", { keys: [jwk] }, {}, /give one JWK of it/],
    ["an encryption JWK", { ...jwk, use: "enc" }, {}, /use is not 'sig'/],
    ["a JWK that may not sign", { ...jwk, key_ops: ["verify"] }, {}, /key_ops lack 'sign'/],
    ["two halves of different keys", { ...jwk, x: other.x, y: other.y }, {}, /does not belong|not a private key/],
    ["an alg for another kind of key", jwk, { alg: "RS256" }, /alg RS256 does not fit the key: it can be ES256/],
    ["an alg for another curve", jwk, { alg: "ES384" }, /alg ES384 does not fit/],
    [
      "an alg other than the JWK says",
      { n, ...rsa.privateKey.export({ format: "jwk" }), alg: "PS256" },
      { alg: "RS256" },
      /says another alg/,
    ],
    ["a JWK with an alg of nobody", { ...jwk, alg: "HS256" }, {}, /unknown alg 'HS256'/],
    [
      "another curve",
      newKeyPair("ec", { namedCurve: "secp256k1" }).privateKey.export({ type: "sec1", format: "pem" }),
      {},
      /another kind/,
    ],
    ["Ed448", newKeyPair("ed448").privateKey.export({ type: "pkcs8", format: "pem" }), {}, /another kind/],
    ["an unknown option", jwk, { kdi: "x" }, /unknown option 'kdi'; did you mean 'kid'\?/],
    ["a kid that is no string", { ...jwk, kid: 7 }, {}, /kid must be a string/],
  ])("refuses %s with a TypeError", async (_what, source, options, message) => {
    const error: unknown = await importSigningKey(wrong(source), options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
    expect(inspect(error)).not.toContain(jwk.d);
  });
});
