// The keys that a file holds: PEM blocks, one JWK, or a JWK set. Nothing is imported yet. RFC 7468, RFC 7517.
import { Trouble } from "../exit.js";
import { isObject } from "../input/json-object.js";
import type { JsonObject } from "../input/json-object.js";
import { parseJwkSet } from "./jwk-set.js";

/** PEM text of one key, or a JWK. */
export type KeySource = string | JsonObject;

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** @throws {Trouble} when there is no key; the text is never in the message */
export function parseKeyFile(text: string, name: string): readonly KeySource[] {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") throw new Trouble(`${name}: the file is empty: expected a key`);
  if (trimmed.startsWith("{")) return parseJwks(trimmed, name);
  // openssl ecparam writes the curve before the key.
  const blocks = [...trimmed.matchAll(PEM_BLOCK)]
    .filter(([, label]) => label !== "EC PARAMETERS")
    .map(([block]) => block);
  if (blocks.length > 0) return blocks;
  throw new Trouble(`${name}: expected a key: PEM (BEGIN ... KEY), a JWK, or a JWK set`);
}

function parseJwks(text: string, name: string): readonly JsonObject[] {
  const keys = parseJwkSet(text);
  if (keys === undefined) throw new Trouble(`${name}: it begins like JSON, and is none, or no JWK and no JWK set`);
  if (!keys.every(isObject)) throw new Trouble(`${name}: keys: expected a list of JWKs`);
  if (keys.length === 0) throw new Trouble(`${name}: the set has no keys`);
  return keys;
}
