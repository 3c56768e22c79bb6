// The signature algorithms of an issuer, and the key each wants. RFC 7518 3, RFC 8037 3.1, RFC 9864 2.
import { constants, generateKeyPair, sign, verify } from "node:crypto";
import type { KeyObject, SigningOptions } from "node:crypto";
import { promisify } from "node:util";
import { oneOf } from "../options.js";

/** The algorithms a key of this package can sign with; HS* and none are not among them. */
export type SigningAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

interface Algorithm {
  readonly name: SigningAlgorithm;
  readonly keyType: "rsa" | "ec" | "ed25519";
  /** OpenSSL's name of the curve. */
  readonly curve?: string;
  readonly digest: string | null;
  readonly signing: SigningOptions;
}

const RSA_BITS = 2048;
const PKCS1: SigningOptions = { padding: constants.RSA_PKCS1_PADDING };
const PSS: SigningOptions = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
};
const RAW: SigningOptions = { dsaEncoding: "ieee-p1363" }; // r||s, not DER: RFC 7518 3.4

// The first that fits a key is the key's default.
const ALGORITHMS: readonly Algorithm[] = [
  { name: "RS256", keyType: "rsa", digest: "sha256", signing: PKCS1 },
  { name: "RS384", keyType: "rsa", digest: "sha384", signing: PKCS1 },
  { name: "RS512", keyType: "rsa", digest: "sha512", signing: PKCS1 },
  { name: "PS256", keyType: "rsa", digest: "sha256", signing: PSS },
  { name: "PS384", keyType: "rsa", digest: "sha384", signing: PSS },
  { name: "PS512", keyType: "rsa", digest: "sha512", signing: PSS },
  { name: "ES256", keyType: "ec", curve: "prime256v1", digest: "sha256", signing: RAW },
  { name: "ES384", keyType: "ec", curve: "secp384r1", digest: "sha384", signing: RAW },
  { name: "ES512", keyType: "ec", curve: "secp521r1", digest: "sha512", signing: RAW },
  { name: "EdDSA", keyType: "ed25519", digest: null, signing: {} },
  { name: "Ed25519", keyType: "ed25519", digest: null, signing: {} },
];
const NAMES: readonly SigningAlgorithm[] = ALGORITHMS.map((algorithm) => algorithm.name);

/** Narrows `value` to an algorithm of this package. */
export function parseAlgorithm(value: unknown): SigningAlgorithm {
  return oneOf(value, NAMES, "alg");
}

/** The algorithms a key can be used with, its default first; none for a kind of key that does not sign here. */
export function algorithmsOf(key: KeyObject): readonly SigningAlgorithm[] {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return ALGORITHMS.filter((a) => a.keyType === key.asymmetricKeyType && a.curve === curve).map((a) => a.name);
}

/** A new private key for `alg`. */
export async function generatePrivateKey(alg: SigningAlgorithm): Promise<KeyObject> {
  const { keyType, curve } = lookUp(alg);
  const generate = promisify(generateKeyPair);
  if (keyType === "rsa") return (await generate("rsa", { modulusLength: RSA_BITS })).privateKey;
  if (keyType === "ed25519") return (await generate("ed25519")).privateKey;
  return (await generate("ec", { namedCurve: curve ?? "" })).privateKey;
}

/** The signature of `input` in the form a JWS carries. */
export function signBytes(alg: SigningAlgorithm, key: KeyObject, input: Uint8Array): Promise<Uint8Array> {
  const { digest, signing } = lookUp(alg);
  return new Promise((resolve, reject) => {
    sign(digest, input, { key, ...signing }, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}

/** Whether `signature` is one of `key` over `input`. */
export function verifyBytes(alg: SigningAlgorithm, key: KeyObject, input: Uint8Array, signature: Uint8Array): boolean {
  const { digest, signing } = lookUp(alg);
  return verify(digest, input, { key, ...signing }, signature);
}

function lookUp(alg: SigningAlgorithm): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm.name === alg);
  if (found === undefined) throw new TypeError(`no algorithm ${alg}`);
  return found;
}
