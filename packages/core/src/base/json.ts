// JSON from outside: valid UTF-8, no BOM, an object, no name twice, at most 32 levels. RFC 8259, RFC 7515 4, rule T2.

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Says what is wrong with a text; the reader of the text decides whose fault it is. */
export class JsonError extends Error {}

/**
 * Parses one JSON object.
 * @param options.duplicates what a name that stands twice means: `refuse` for tokens (T2), `last` for an issuer's
 *   documents, where RFC 7517 4 lets a reader take the last one.
 * @throws {JsonError}
 */
export function parseJsonObject(bytes: Uint8Array, options: { readonly duplicates: "refuse" | "last" }): JsonObject {
  const text = decodeUtf8(bytes);
  const members = countMembers(text);
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

/** Counts the members of all objects in the text (its colons outside strings), and refuses what is nested too deep. */
function countMembers(text: string): number {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i);
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

/** The index of the quote that closes the string opened at `start`; the text's end when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** Counts the members of all objects in a parsed value. Never deeper than `countMembers` allowed. */
function countParsed(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += countParsed(item);
  } else {
    for (const item of Object.values(value)) members += 1 + countParsed(item);
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
