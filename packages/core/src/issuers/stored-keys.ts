// An issuer's keys as one text outside the process; read back, it is checked like a fetched answer. Rules I10, I11, I13.
import { isJsonObject, JsonError, parseJsonObject } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { FetchError } from "./fetch-json.js";
import { parseJwks } from "./jwks.js";
import type { IssuerKey, ParsedKeySet } from "./jwks.js";
import { mayComeByHttp } from "./key-store.js";
import type { KeyPlace } from "./key-store.js";

export interface KeySetTimes {
  /** When the issuer said so. */
  readonly fetchedAt: number;
  /** Seconds, of its Cache-Control. */
  readonly maxAge: number | undefined;
  /** When somebody who keeps keys for others says that they end (I14). */
  readonly expiresAt?: number | undefined;
}

export interface StoredKeySet extends ParsedKeySet, KeySetTimes {
  readonly expiresAt: number | undefined;
}

/** What is kept is no key set of this issuer; the message holds nothing of it. */
export class StoredKeysError extends Error {}

const VERSION = 1;
/** Clocks of two machines may differ by this much. */
const AHEAD = 60;

/** Of each key its public members, its kid and its alg: what was accepted, and nothing else that the issuer sent (I10). */
export function encodeKeySet(place: KeyPlace, keys: readonly IssuerKey[], times: KeySetTimes): string {
  return JSON.stringify({ ...header(place), jwks: { keys: keys.map(toJwk) }, ...times });
}

/** As `encodeKeySet`, of a key set as others have it: reading it back is what checks it. */
export function encodeJwks(place: KeyPlace, jwks: JsonObject, times: KeySetTimes): string {
  return JSON.stringify({ ...header(place), jwks, ...times });
}

/**
 * Reads a text of a store, as if an enemy had written it.
 * @throws {StoredKeysError}
 */
export function decodeKeySet(
  value: unknown,
  place: KeyPlace,
  limits: { readonly now: number; readonly maxBytes: number },
): StoredKeySet {
  const document = parseText(value, limits.maxBytes);
  if (identity(document) !== identity(header(place))) {
    throw new StoredKeysError("expected this version's keys of this issuer and place, to the letter");
  }
  const fetchedAt = readNumber(document, "fetchedAt") ?? fault("fetchedAt");
  if (fetchedAt > limits.now + AHEAD) throw new StoredKeysError("fetchedAt: expected a time that is not in the future");
  return {
    ...readKeys(document),
    fetchedAt: Math.min(fetchedAt, limits.now),
    maxAge: readNumber(document, "maxAge"),
    expiresAt: readNumber(document, "expiresAt"),
  };
}

/** The place that a text says its keys are of, for lists; nothing is judged by it. */
export function readPlace(value: unknown, maxBytes: number): KeyPlace {
  const { issuer, jwksUri, http } = parseText(value, maxBytes);
  if (typeof issuer !== "string") throw new StoredKeysError("issuer: expected a string");
  return { issuer, jwksUri: typeof jwksUri === "string" ? jwksUri : undefined, allowInsecure: http === true };
}

function header(place: KeyPlace): JsonObject {
  const { issuer, jwksUri } = place;
  return {
    version: VERSION,
    issuer,
    ...(jwksUri !== undefined && { jwksUri }),
    ...(mayComeByHttp(place) && { http: true }),
  };
}

function identity({ version, issuer, jwksUri, http }: JsonObject): string {
  return JSON.stringify([version, issuer, jwksUri ?? null, http ?? false]);
}

function toJwk({ kid, algorithms, jwk }: IssuerKey): JsonObject {
  return { ...jwk, kid, alg: algorithms.length === 1 ? algorithms[0] : undefined };
}

function parseText(value: unknown, maxBytes: number): JsonObject {
  if (typeof value !== "string") throw new StoredKeysError("expected a text");
  if (value.length > maxBytes) throw new StoredKeysError(`expected at most ${maxBytes} bytes`);
  const bytes = new TextEncoder().encode(value);
  if (bytes.length > maxBytes) throw new StoredKeysError(`expected at most ${maxBytes} bytes`);
  try {
    return parseJsonObject(bytes, { duplicates: "refuse" });
  } catch (error) {
    if (error instanceof JsonError) throw new StoredKeysError(error.message);
    throw error;
  }
}

function readKeys({ jwks }: JsonObject): ParsedKeySet {
  if (!isJsonObject(jwks)) throw new StoredKeysError("jwks: expected an object");
  try {
    return parseJwks(jwks);
  } catch (error) {
    if (error instanceof FetchError) throw new StoredKeysError(error.message);
    throw error;
  }
}

function readNumber(document: JsonObject, name: string): number | undefined {
  const { [name]: value } = document;
  if (value === undefined) return undefined;
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : fault(name);
}

function fault(name: string): never {
  throw new StoredKeysError(`${name}: expected a number of seconds`);
}
