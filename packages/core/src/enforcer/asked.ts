// What a caller asks of a token, in `test`, `allows` and `explain`. Rule R1.
import { InvalidPathError } from "../base/errors.js";
import type { Asked } from "../scopes/equivalence.js";
import { needsPath } from "../scopes/parse.js";
import { parseDecodedPath, PathError } from "../scopes/path.js";

/**
 * @param bareNames whether a name of S2 may be asked for without a path: of a plain OAuth token
 * @throws {TypeError} for a name that cannot be asked for
 * @throws {InvalidPathError} for a path that no decision can be made on
 */
export function parseAsked(authz: string, path: string | undefined, bareNames: boolean): Asked {
  if (typeof authz !== "string" || authz === "") throw new TypeError("authz: expected a capability's name, as 'read'");
  const colon = authz.indexOf(":");
  if (colon > 0 && authz.charAt(colon + 1) === "/") {
    throw new TypeError("authz: expected a name; give the path as an argument of its own");
  }
  if (path === undefined || path === "") {
    if (needsPath(authz) && !bareNames)
      throw new TypeError(`path: expected, since '${authz}' means nothing without one`);
    return { authz, path: undefined };
  }
  if (typeof path !== "string") throw new TypeError("path: expected a string");
  try {
    return { authz, path: parseDecodedPath(path) };
  } catch (cause) {
    if (!(cause instanceof PathError)) throw cause;
    const error = new InvalidPathError(`path: ${cause.message}`, { cause });
    Error.captureStackTrace?.(error); // the mistake is its caller's, who wants to find it
    throw error;
  }
}
