// An issuer's key set: what of it can verify a signature. RFC 7517 4 and 5, RFC 7518 6, rule I10.
import { ALGORITHMS, algorithmFacts } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import { decodeBase64url } from "../base/base64url.js";
import { forLog } from "../base/events.js";
import { isJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { FetchError } from "./fetch-json.js";
import { hasGuessablePrimes } from "./roca.js";

/** A usable public key of an issuer. The same key keeps its identity from one refresh to the next. */
export interface IssuerKey {
  readonly kid: string | undefined;
  /** Whether it verifies whatever kid a token names: a key that the configuration gives as PEM, which has no kid. */
  readonly anyKid?: true;
  /** What it may verify: what its type can, narrowed by its own `alg`. */
  readonly algorithms: readonly Algorithm[];
  /** The public members only, in canonical base64url. */
  readonly jwk: JsonObject;
}

export interface ParsedKeySet {
  readonly keys: readonly IssuerKey[];
  /** Ids of entries that hold private members: an incident at the issuer. */
  readonly privateKeyIds: readonly string[];
}

const MAX_KEYS = 100;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/**
 * Reads a key set; what cannot be used is ignored, so that one bad key does not spoil the others.
 * @throws {FetchError} when it is not a key set at all (I9: then nothing was answered)
 */
export function parseJwks(document: JsonObject): ParsedKeySet {
  const { keys: entries } = document;
  if (!Array.isArray(entries)) throw new FetchError("expected a JWK set: keys, a list");
  const keys: IssuerKey[] = [];
  const privateKeyIds: string[] = [];
  for (const entry of entries.slice(0, MAX_KEYS) as unknown[]) {
    if (!isJsonObject(entry)) continue;
    if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(entry, name))) {
      privateKeyIds.push(forLog(entry["kid"]) ?? "(without kid)");
      continue;
    }
    const key = parseKey(entry);
    if (key !== undefined) keys.push(key);
  }
  return { keys, privateKeyIds };
}

function parseKey(entry: JsonObject): IssuerKey | undefined {
  const { kid, use, key_ops: operations, alg } = entry;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  if (use !== undefined && use !== "sig") return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) return undefined;
  const jwk = publicMembers(entry);
  if (jwk === undefined) return undefined;
  const algorithms = ALGORITHMS.filter((name) => fits(name, jwk) && (alg === undefined || alg === name));
  return algorithms.length === 0 ? undefined : { kid, algorithms, jwk };
}

function fits(algorithm: Algorithm, jwk: JsonObject): boolean {
  const { kty, crv } = algorithmFacts(algorithm);
  return jwk["kty"] === kty && jwk["crv"] === crv;
}

function publicMembers(entry: JsonObject): JsonObject | undefined {
  const { kty, crv } = entry;
  if (kty === "RSA") {
    const n = base64url(entry["n"]);
    const e = base64url(entry["e"]);
    return n !== undefined && e !== undefined && isSound(n, e) ? { kty, n, e } : undefined;
  }
  const x = base64url(entry["x"]);
  if (x === undefined || typeof crv !== "string") return undefined;
  if (kty === "OKP") return { kty, crv, x };
  const y = base64url(entry["y"]);
  return kty === "EC" && y !== undefined ? { kty, crv, x, y } : undefined;
}

/** Base64url without the padding that the Python key tool writes. */
function base64url(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^([A-Za-z0-9_-]+)={0,2}$/.exec(value)?.[1];
}

/**
 * 2048 to 8192 bits, of primes that nobody can guess; an odd exponent of 3 at least, and short: a long one makes each
 * verification slow.
 */
function isSound(n: string, e: string): boolean {
  const modulus = decodeBase64url(n);
  const bits = bitLength(modulus);
  const exponent = decodeBase64url(e);
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  const exponentBits = bitLength(exponent);
  const isLongEnough = bits >= 2048 && bits <= 8192;
  return isLongEnough && odd && exponentBits >= 2 && exponentBits <= 64 && !hasGuessablePrimes(modulus);
}

function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
