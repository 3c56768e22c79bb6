// An issuer's own area of a server: its tokens' paths are relative to it. WLCG 2.2.3, rule S8.
import { isBelow, parseDecodedPath, PathError, ROOT } from "./path.js";
import type { CanonicalPath } from "./path.js";

export const WHOLE_SERVER: readonly CanonicalPath[] = [ROOT];

/** Parses an issuer's base paths. @throws {TypeError} */
export function parseBasePaths(paths: string | readonly string[] | undefined): readonly CanonicalPath[] {
  // One that was meant to come from somewhere and did not would open the areas of all other issuers.
  if (paths === undefined)
    throw new TypeError("basePath: expected a path, not undefined; leave it out for the whole server");
  const given: unknown = typeof paths === "string" ? [paths] : paths;
  if (!Array.isArray(given)) throw new TypeError("basePath: expected a path or a list of paths");
  const parsed = [...(given as unknown[])].map(parseBasePath); // a hole is undefined, and refused as such
  if (parsed.length === 0) throw new TypeError("basePath: expected at least one path");
  for (const [i, path] of parsed.entries()) {
    if (parsed.some((other, j) => i !== j && isBelow(path, other))) {
      throw new TypeError("basePath: one of the paths lies below another; a request there would have two meanings");
    }
  }
  return parsed;
}

/** The request's path as the issuer's tokens name it; undefined outside of every area. */
export function relativeToBase(path: CanonicalPath, basePaths: readonly CanonicalPath[]): CanonicalPath | undefined {
  for (const base of basePaths) {
    if (base === ROOT) return path;
    if (path === base) return ROOT;
    if (isBelow(path, base)) return path.slice(base.length) as CanonicalPath;
  }
  return undefined;
}

function parseBasePath(text: unknown): CanonicalPath {
  if (typeof text !== "string") throw new TypeError("basePath: expected a path or a list of paths");
  try {
    const path = parseDecodedPath(text);
    return path === ROOT ? ROOT : (path.replace(/\/$/, "") as CanonicalPath);
  } catch (error) {
    if (error instanceof PathError) throw new TypeError(`basePath: ${error.message}`, { cause: error });
    throw error;
  }
}
