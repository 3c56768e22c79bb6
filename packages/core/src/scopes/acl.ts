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
  // Entries read as in a canonical token: `name`, `name:/path` or an opaque value. A name holds no colon and only paths
  // begin with a slash, so that no two different values share an entry.
  const entries = new Set<string>();
  let longest = 0;
  const acls = new Map<string, Acl>();
  for (const value of values) {
    if (value.kind === "path" && refusesPath(value.authz)) continue;
    const entry = value.kind === "path" ? `${value.authz}:${value.path}` : value.authz;
    entries.add(entry);
    longest = Math.max(longest, entry.length);
    const acl = toAcl(value);
    acls.set(JSON.stringify(acl), acl);
  }

  const hasBare = (authz: string): boolean => entries.has(authz);
  return {
    acls: Object.freeze([...acls.values()]),
    hasBare,
    covers: (authz, path) =>
      (hasBare(authz) && coversAnyPath(authz)) || coversPath(entries, longest, `${authz}:${path}`, authz.length + 1),
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

/**
 * Asks for the path itself and for each directory above it, as a file (`/a`) and as a directory (`/a/`).
 * @param longest the length of the longest entry: what is longer need not be asked for
 * @param asked `name:/path`
 * @param root where its path begins
 */
function coversPath(entries: ReadonlySet<string>, longest: number, asked: string, root: number): boolean {
  if (asked.indexOf(":") !== root - 1) return false; // the name holds a colon: an opaque value has no path
  if (entries.has(asked)) return true;
  for (let slash = asked.lastIndexOf("/", longest); slash >= root; slash = asked.lastIndexOf("/", slash - 1)) {
    if (entries.has(asked.slice(0, slash + 1))) return true;
    if (slash > root && entries.has(asked.slice(0, slash))) return true;
  }
  return false;
}
