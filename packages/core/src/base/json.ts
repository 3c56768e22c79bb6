// JSON from outside: valid UTF-8, no BOM, an object, no name twice, at most 32 levels. RFC 8259, RFC 7515 4, rule T2.
import { NoStackError } from "./no-stack.js";

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Says what is wrong with a text; the reader of the text decides whose fault it is. */
export class JsonError extends NoStackError {}

/**
 * Parses one JSON object.
 * @param options.duplicates what a name that stands twice means: `refuse` for tokens (T2), `last` for an issuer's
 *   documents, where RFC 7517 4 lets a reader take the last one.
 * @throws {JsonError}
 */
export function parseJsonObject(bytes: Uint8Array, options: { readonly duplicates: "refuse" | "last" }): JsonObject {
  const text = decodeUtf8(bytes);
  const members = countMembers(bytes);
  const value = parse(text);
  if (!isJsonObject(value)) throw new JsonError("expected a JSON object");
  // JSON.parse keeps one of several members with one name: fewer members than the text has means a name stood twice.
  if (options.duplicates === "refuse" && countParsed(value) !== members) {
    throw new JsonError("a member name stands twice");
  }
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new JsonError("expected valid UTF-8", { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold claims: it goes no further.
    throw new JsonError("expected JSON");
  }
}

/**
 * Counts the members of all objects (the colons outside strings), and refuses what is nested too deep. On bytes, which
 * are read faster than a text: in UTF-8 no byte of another character looks like one of these.
 */
function countMembers(bytes: Uint8Array): number {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        i = endOfString(bytes, i);
        break;
      case 0x3a /* : */:
        members++;
        break;
      case 0x7b /* { */:
      case 0x5b /* [ */:
        if (++depth > MAX_DEPTH) throw new JsonError(`expected at most ${MAX_DEPTH} levels`);
        break;
      case 0x7d /* } */:
      case 0x5d /* ] */:
        depth--;
        break;
      default:
    }
  }
  return members;
}

/** The index of the quote that closes the string opened at `start`; past the text's end when there is none. */
function endOfString(bytes: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** Counts the members of all objects in a parsed value. Never deeper than `countMembers` allowed. */
function countParsed(value: object): number {
  const values: readonly unknown[] = Object.values(value);
  let members = Array.isArray(value) ? 0 : values.length;
  for (const item of values) {
    if (typeof item === "object" && item !== null) members += countParsed(item);
  }
  return members;
}

/** No request may change what the next one sees of a cached token (V4). At most as deep as JSON was allowed to be. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value; // the application's
  Object.freeze(value); // first: what a schema gives out may hold itself
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
