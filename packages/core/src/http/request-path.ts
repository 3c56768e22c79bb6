// The path a request is about, from its raw target: decoded once, by us. RFC 9112 3.2.1, RFC 3986 3.3, rule R2.
import { InvalidPathError } from "../base/errors.js";
import { parseEncodedPath, PathError } from "../scopes/path.js";
import type { CanonicalPath } from "../scopes/path.js";

/** Printable ASCII in origin form; a fragment is never sent, and a backslash is a slash to some. */
const ORIGIN_FORM = /^\/[!"$->@-[\]-~]*$/;

/**
 * The decoded path of a raw request target (`req.url` of Node, `originalUrl` of Express): its query cut off, its empty
 * and `.` segments gone. Serve just this path, and what was authorised is what is served.
 * @throws {InvalidPathError} for `..` in any encoding, an encoded slash or backslash, NUL, control characters, bad escapes
 * @example requestPath("/store/my%20file?download=1") // "/store/my file"
 */
export function requestPath(rawTarget: string): string {
  return parseTarget(rawTarget);
}

/** @throws {InvalidPathError} */
export function parseTarget(rawTarget: string): CanonicalPath {
  const query = rawTarget.indexOf("?");
  const path = query === -1 ? rawTarget : rawTarget.slice(0, query);
  if (!ORIGIN_FORM.test(path)) throw new InvalidPathError("request target: expected an absolute path");
  try {
    return parseEncodedPath(path);
  } catch (cause) {
    if (cause instanceof PathError) throw new InvalidPathError(`request target: ${cause.message}`, { cause });
    throw cause;
  }
}
