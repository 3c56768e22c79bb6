// Paths in scopes and requests: decoded once, segment by segment, and compared segment by segment. RFC 3986 3.3,
// WLCG 2.2.1, rules S3, S4, R1, R2.
import { NoStackError } from "../base/no-stack.js";

/**
 * An absolute path in the one form that is compared: decoded, without empty or `.` segments, with a trailing slash only
 * where it names a directory. `/` is the root.
 */
export type CanonicalPath = string & { readonly canonicalPath: unique symbol };

/** Says what is wrong with a path; who reads it decides whose fault that is. */
export class PathError extends NoStackError {}

export const ROOT: CanonicalPath = "/" as CanonicalPath;

/**
 * Parses a percent-encoded path, of a scope (S3) or of a request target (R2).
 * @throws {PathError}
 */
export function parseEncodedPath(text: string): CanonicalPath {
  if (CANONICAL.test(text)) return text as CanonicalPath;
  if (PLAIN.test(text)) return canonical(text.split("/"));
  return canonical(text.split("/").map(decodeSegment));
}

/**
 * Parses a path that is already decoded, as an application holds it (R1).
 * @throws {PathError}
 */
export function parseDecodedPath(text: string): CanonicalPath {
  if (CANONICAL.test(text)) return text as CanonicalPath;
  if (PLAIN.test(text)) return canonical(text.split("/"));
  if (FORBIDDEN.test(text)) throw new PathError("a backslash or control character in the path");
  const segments = text.split("/");
  for (const segment of segments) refuseHiddenDotDot(segment);
  return canonical(segments);
}

/** Whether `path` is `directory` or below it, segment by segment (S4). */
export function isBelow(path: CanonicalPath, directory: CanonicalPath): boolean {
  if (!path.startsWith(directory)) return false;
  return path.length === directory.length || directory.endsWith("/") || path.charCodeAt(directory.length) === SLASH;
}

const SLASH = 0x2f;

/** Writes a path as it stands in a token: every character but RFC 3986's unreserved ones encoded. */
export function encodePath(path: CanonicalPath): string {
  return path.split("/").map(encodeSegment).join("/");
}

export function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Most paths are as they should be: nothing to decode, no empty segment, none of one or two dots. */
const CANONICAL = /^(?:\/(?!\.\.?(?:\/|$))[\w\-.~:@+=,]+)+\/?$/;

/** No percent sign, nothing to refuse: what it says is what it means. */
const PLAIN = /^[\w\-./~:@+=,]*$/;

/** Control characters, a backslash, and halves of surrogate pairs, which no UTF-8 has. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\\]/u;

/** Decodes one segment, once. What would become another path if decoded again is refused, at any depth. */
export function decodeSegment(segment: string): string {
  const decoded = percentDecode(segment);
  for (const text of decodings(decoded)) {
    if (text === ".." || text.includes("/") || FORBIDDEN.test(text)) {
      throw new PathError("an encoded '..', slash, backslash or control character in the path");
    }
  }
  return decoded;
}

/** A decoded segment may say `%2F`, but nothing that somebody else could decode to a step upwards. */
function refuseHiddenDotDot(segment: string): void {
  for (const text of decodings(segment)) {
    if (text.split(/[/\\]/).includes("..")) throw new PathError("an encoded '..' in the path");
  }
}

const MAX_ENCODINGS = 8;

/** The text, and what a careless reader makes of it by decoding it again and again: whatever is an escape, and no more. */
function* decodings(text: string): Generator<string> {
  for (let i = 0; i < MAX_ENCODINGS; i++) {
    yield text;
    const next = text.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === text) return;
    text = next;
  }
  throw new PathError(`more than ${MAX_ENCODINGS} encodings of an encoding`);
}

function percentDecode(segment: string): string {
  try {
    return decodeURIComponent(segment); // UTF-8, and strict: overlong forms and half escapes throw
  } catch (cause) {
    throw new PathError("a bad percent escape, or bytes that are not UTF-8", { cause });
  }
}

function canonical(segments: readonly string[]): CanonicalPath {
  if (segments[0] !== "" || segments.length < 2) throw new PathError("expected an absolute path");
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "..") throw new PathError("a '..' segment in the path");
    if (segment !== "" && segment !== ".") kept.push(segment);
  }
  if (kept.length === 0) return ROOT;
  const last = segments.at(-1);
  const directory = last === "" || last === ".";
  return `/${kept.join("/")}${directory ? "/" : ""}` as CanonicalPath;
}
