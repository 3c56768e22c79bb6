// A key that signs tokens, and its public half for a JWKS. RFC 7517 4, RFC 7638.
import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { checkNames, isRecord, nonEmptyString, OptionError } from "../options.js";
import { generatePrivateKey, parseAlgorithm, signBytes } from "./algorithms.js";
import type { SigningAlgorithm } from "./algorithms.js";

/** The public half of a key as it stands in a JWKS (RFC 7517 4). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly use: "sig";
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A frozen private key with one algorithm; neither JSON nor `util.inspect` shows its private part. */
export interface SigningKey {
  readonly alg: SigningAlgorithm;
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  /** Node's own handle, not enumerable; `privateKey.export({ type: 'sec1', format: 'pem' })` saves an EC key. */
  readonly privateKey: KeyObject;
  /** The JWS signature of any bytes, or of a string's UTF-8 (RFC 7515 5.1). */
  readonly sign: (input: Uint8Array | string) => Promise<Uint8Array>;
}

/** Options of `createSigningKey` and `importSigningKey`. */
export interface SigningKeyOptions {
  /** Default: ES256 for a new key; for an imported one what its JWK says, else RS256, EdDSA or what its curve allows. */
  readonly alg?: SigningAlgorithm | undefined;
  /** Default: what the JWK says, else the RFC 7638 thumbprint. */
  readonly kid?: string | undefined;
}

/**
 * Makes a new private key (RSA: 2048 bits).
 *
 * Throws a TypeError for an unknown option or algorithm.
 * @example const key = await createSigningKey({ alg: 'RS256' });
 */
export async function createSigningKey(options: SigningKeyOptions = {}): Promise<SigningKey> {
  checkNames(options, ["alg", "kid"], "option");
  const alg = parseAlgorithm(options.alg ?? "ES256");
  const kid = options.kid === undefined ? undefined : nonEmptyString(options.kid, "kid");
  return wrapPrivateKey(await generatePrivateKey(alg), alg, kid);
}

/** Narrows `value` to a signing key. */
export function parseSigningKey(value: unknown): SigningKey {
  if (isSigningKey(value)) return value;
  throw new OptionError("key must be a SigningKey: make one with createSigningKey() or importSigningKey()");
}

function isSigningKey(value: unknown): value is SigningKey {
  if (!isRecord(value) || typeof value.sign !== "function") return false;
  return typeof value.alg === "string" && typeof value.kid === "string" && isRecord(value.publicJwk);
}

/** Makes a signing key of a private key that fits `alg`; `kid` defaults to the thumbprint. */
export async function wrapPrivateKey(
  privateKey: KeyObject,
  alg: SigningAlgorithm,
  kid: string | undefined,
): Promise<SigningKey> {
  const bare = createPublicKey(privateKey).export({ format: "jwk" });
  const kty = nonEmptyString(bare.kty, "kty");
  const name = kid ?? (await calculateJwkThumbprint({ ...bare, kty }));
  const publicJwk: PublicJwk = Object.freeze({ ...bare, kty, kid: name, alg, use: "sig" });
  const sign = (input: Uint8Array | string): Promise<Uint8Array> =>
    signBytes(alg, privateKey, typeof input === "string" ? new TextEncoder().encode(input) : input);
  const shown = { alg, kid: name, publicJwk, sign };
  return Object.freeze(hide(shown, privateKey));
}

// Not enumerable, so that a spread, a log or a snapshot of the key leaves it out.
function hide(shown: Omit<SigningKey, "privateKey">, privateKey: KeyObject): SigningKey {
  return Object.defineProperty({ ...shown, privateKey }, "privateKey", { enumerable: false });
}
