// An issuer's key given as PEM in the configuration, as a JWK. RFC 7468 13, RFC 7517 4.
import { builtin } from "../base/builtin.js";
import type { JsonObject } from "../base/json.js";

/** @throws {TypeError} when it is not one public key in PEM (SPKI or PKCS#1). */
export function publicKeyToJwk(pem: string): JsonObject {
  const crypto = builtin<typeof import("node:crypto")>("node:crypto");
  if (crypto === undefined) throw new TypeError("publicKey: this runtime cannot read PEM; give the key as jwks");
  // createPublicKey takes the first key of several, and derives the public half of a private one: a private key has no
  // business in a verifier.
  if (typeof pem !== "string" || !isOnePublicKey(pem)) {
    throw new TypeError("publicKey: expected one public key in PEM (-----BEGIN PUBLIC KEY-----)");
  }
  try {
    return crypto.createPublicKey(pem).export({ format: "jwk" });
  } catch (cause) {
    throw new TypeError("publicKey: expected one RSA, EC or Ed25519 public key in PEM", { cause });
  }
}

/** One encapsulated text, and that a public key; explanatory text may stand around it (RFC 7468 2). */
function isOnePublicKey(pem: string): boolean {
  const [label, ...others] = [...pem.matchAll(/-----BEGIN ([^-]*)-----/g)].map((match) => match[1] ?? "");
  return others.length === 0 && (label === "PUBLIC KEY" || label === "RSA PUBLIC KEY");
}
