// A key and a signer for each signature algorithm that can be allowed, by node:crypto.
import { constants, sign } from "node:crypto";
import type { KeyObject, KeyPairKeyObjectResult } from "node:crypto";
import type { Algorithm } from "@scitokens/core";
import { newKeyPair } from "./key-pair.js";

export interface AlgorithmKey {
  readonly alg: Algorithm;
  /** Without `alg`, `use` and `kid`: what the key itself says. */
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly privateKey: KeyObject;
  sign(text: string): Buffer;
}

type Pairs = Readonly<Record<Algorithm, KeyPairKeyObjectResult>>;

/** What RSA keys, and Ed25519's, sign with differs; the keys do not. */
function generatePairs(): Pairs {
  const rsa = newKeyPair("rsa", { modulusLength: 2048 });
  const ed25519 = newKeyPair("ed25519");
  const ec = (namedCurve: string): KeyPairKeyObjectResult => newKeyPair("ec", { namedCurve });
  return {
    RS256: rsa,
    RS384: rsa,
    RS512: rsa,
    PS256: rsa,
    PS384: rsa,
    PS512: rsa,
    ES256: ec("P-256"),
    ES384: ec("P-384"),
    ES512: ec("P-521"),
    EdDSA: ed25519,
    Ed25519: ed25519,
  };
}

const [PAIRS, STRANGERS] = [generatePairs(), generatePairs()];

export const EVERY_ALGORITHM = Object.keys(PAIRS) as Algorithm[];

export const algorithmKey = (alg: Algorithm): AlgorithmKey => keyOf(alg, PAIRS);

/** Another key of the same kind. */
export const strangerKey = (alg: Algorithm): AlgorithmKey => keyOf(alg, STRANGERS);

function keyOf(alg: Algorithm, pairs: Pairs): AlgorithmKey {
  const { privateKey, publicKey } = pairs[alg];
  return {
    alg,
    privateKey,
    jwk: { ...publicKey.export({ format: "jwk" }) },
    sign: (text) => signAs(alg, privateKey, text),
  };
}

export function signAs(alg: Algorithm, privateKey: KeyObject, text: string): Buffer {
  const hash = hashOf(alg);
  if (!alg.startsWith("PS")) return sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return signPss(privateKey, hash, text, constants.RSA_PSS_SALTLEN_DIGEST);
}

export function signPss(privateKey: KeyObject, hash: string | undefined, text: string, saltLength: number): Buffer {
  return sign(hash, Buffer.from(text), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

export function hashOf(alg: Algorithm): string | undefined {
  return /^(RS|PS|ES)/.test(alg) ? `sha${alg.slice(2)}` : undefined;
}
