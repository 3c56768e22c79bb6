// A JWK set, or one JWK, as text: its entries, as they stand. RFC 7517 5.
import { Trouble } from "../exit.js";
import { isObject } from "../input/json-object.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

/** Undefined for what is neither. */
export function parseJwkSet(text: string): readonly unknown[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined; // the parser's own words quote the text
  }
  if (!isObject(value)) return undefined;
  if (Array.isArray(value["keys"])) return value["keys"] as readonly unknown[];
  return "kty" in value ? [value] : undefined;
}

/**
 * The set of `--jwks`; of its entries the core judges each.
 * @param forPem what to do with a file that is PEM
 * @throws {Trouble} for what cannot be read, or is none
 */
export async function readJwkSet(io: Io, file: string, forPem: string): Promise<{ readonly keys: readonly object[] }> {
  const keys = parseJwkSet(await readTextFile(io, file));
  if (keys !== undefined) return { keys: keys as readonly object[] }; // the core takes no entry for granted
  throw new Trouble(`--jwks ${printable(file)}: expected a JWK set: {"keys": [...]}; ${forPem}`);
}
