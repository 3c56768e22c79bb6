// What a token grants, in a form that is asked quickly. Rules S4, S6, S9.
import type { CanonicalPath } from "./path.js";
import { needsPath, refusesPath } from "./parse.js";
import type { ScopeValue } from "./parse.js";

/**
 * One entry of `acls()`: a name and the decoded path it covers. `/` for a capability without a path, which covers every
 * path; the empty string for a name that without a path grants none (a bare `read` of a plain OAuth token, ADR 0005).
 */
export type Acl = readonly [authz: string, path: string];

/** The capabilities of one token, by their own names. */
export interface Capabilities {
  readonly acls: readonly Acl[];
  /** Whether the token says this name without a path. */
  hasBare(authz: string): boolean;
  /** Whether a scope of this very name covers the path. */
  covers(authz: string, path: CanonicalPath): boolean;
}

export function createCapabilities(values: readonly ScopeValue[]): Capabilities {
  const bare = new Set<string>();
  const paths = new Map<string, CoveredPaths>();
  const acls = new Map<string, Acl>();
  for (const value of values) {
    if (value.kind !== "path") {
      bare.add(value.authz);
    } else {
      if (refusesPath(value.authz)) continue;
      let covered = paths.get(value.authz);
      if (covered === undefined) paths.set(value.authz, (covered = { paths: new Set(), lengths: new Set() }));
      covered.paths.add(value.path);
      covered.lengths.add(value.path.length);
    }
    const acl = toAcl(value);
    acls.set(`${acl[0]} ${acl[1]}`, acl); // no name holds a blank
  }

  return {
    acls: Object.freeze([...acls.values()]),
    hasBare: (authz) => bare.has(authz),
    covers(authz, path) {
      if (bare.has(authz) && coversAnyPath(authz)) return true;
      const covered = paths.get(authz);
      return covered !== undefined && coversPath(covered, path);
    },
  };
}

function toAcl(value: ScopeValue): Acl {
  if (value.kind === "path") return Object.freeze([value.authz, value.path] as const);
  return Object.freeze([value.authz, value.kind === "bare" && needsPath(value.authz) ? "" : "/"] as const);
}

/** A bare capability covers every path asked of it (S6); not so the names of S2, nor an opaque value. */
function coversAnyPath(authz: string): boolean {
  return !needsPath(authz) && !authz.includes(":");
}

interface CoveredPaths {
  readonly paths: Set<string>;
  /** The lengths of the paths: no other part of what is asked need be looked up. */
  readonly lengths: Set<number>;
}

/** Asks for the path itself and for each directory above it, as a file (`/a`) and as a directory (`/a/`). */
function coversPath({ paths, lengths }: CoveredPaths, asked: CanonicalPath): boolean {
  const has = (length: number): boolean => lengths.has(length) && paths.has(asked.slice(0, length));
  if (has(asked.length)) return true;
  for (let slash = asked.lastIndexOf("/"); slash > 0; slash = asked.lastIndexOf("/", slash - 1)) {
    if (has(slash + 1) || has(slash)) return true;
  }
  return has(1);
}
