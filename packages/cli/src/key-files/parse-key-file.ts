// The keys that a file holds: PEM blocks, one JWK, or a JWK set. Nothing is imported yet. RFC 7468, RFC 7517.
import { Trouble } from "../exit.js";

/** PEM text of one key, or a JWK. */
export type KeySource = string | Readonly<Record<string, unknown>>;

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** @throws {Trouble} when there is no key; the text is never in the message */
export function parseKeyFile(text: string, name: string): readonly KeySource[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") throw new Trouble(`${name}: the file is empty: expected a key`);
  if (trimmed.startsWith("{")) return jwks(trimmed, name);
  // openssl ecparam writes the curve before the key.
  const blocks = [...trimmed.matchAll(PEM_BLOCK)]
    .filter(([, label]) => label !== "EC PARAMETERS")
    .map(([block]) => block);
  if (blocks.length > 0) return blocks;
  throw new Trouble(`${name}: expected a key: PEM (BEGIN ... KEY), a JWK, or a JWK set`);
}

function jwks(text: string, name: string): readonly KeySource[] {
  const value = parse(text, name);
  if (!isRecord(value)) throw new Trouble(`${name}: expected a JWK or a JWK set`);
  const { keys } = value;
  if (keys === undefined) return [value];
  if (!Array.isArray(keys) || !keys.every(isRecord)) throw new Trouble(`${name}: keys: expected a list of JWKs`);
  if (keys.length === 0) throw new Trouble(`${name}: the set has no keys`);
  return keys;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble(`${name}: it begins like JSON, and is none`); // the parser's own words quote the text
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
