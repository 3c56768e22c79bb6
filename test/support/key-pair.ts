// New key pairs, whose halves are read from text. In Node 20 a key as generateKeyPairSync() gives it, exported as a JWK while the
// garbage collector ends the job that made it, waits for itself for ever: both hold one lock.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";

interface KeyPairOptions {
  readonly modulusLength?: number;
  readonly divisorLength?: number;
  readonly namedCurve?: string;
}

export function newKeyPair(
  type: "rsa" | "dsa" | "ec" | "ed25519" | "ed448" | "x25519",
  options: KeyPairOptions = {},
): KeyPairKeyObjectResult {
  // One signature for all kinds: which options go with which, is Node's to say.
  const generate: (type: string, options: object) => { readonly publicKey: string; readonly privateKey: string } =
    generateKeyPairSync as never;
  const { publicKey, privateKey } = generate(type, {
    ...options,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { publicKey: createPublicKey(publicKey), privateKey: createPrivateKey(privateKey) };
}
