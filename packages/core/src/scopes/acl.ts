// What a token grants, scope by scope. Rules S4, S6, S9.
import type { CanonicalPath } from "./path.js";
import { needsPath } from "./parse.js";
import type { ScopeValue } from "./parse.js";

/**
 * One entry of `acls()`: a name and the decoded path it covers. `/` for a capability without a path, which covers every
 * path; the empty string for a name that without a path grants none (a bare `read` of a plain OAuth token, ADR 0005).
 */
export type Acl = readonly [authz: string, path: string];

/** The capabilities of one token, by their own names. */
export interface Capabilities {
  /** Its scopes, without those that grant nothing. */
  readonly values: readonly ScopeValue[];
  readonly acls: readonly Acl[];
  /** Whether the token says this name without a path. */
  hasBare(authz: string): boolean;
  /** Whether a scope of this very name covers the path. */
  covers(authz: string, path: CanonicalPath): boolean;
  /** Whether the path is a directory on the way to one that a scope of this very name covers. */
  leadsTo(authz: string, path: CanonicalPath): boolean;
}

/** Without duplicates, in the order of the token (S9). */
export function listAcls(values: readonly ScopeValue[]): readonly Acl[] {
  const acls = new Map<string, Acl>();
  for (const value of values) {
    const acl = toAcl(value);
    acls.set(`${acl[0]} ${acl[1]}`, acl); // no name holds a blank
  }
  return Object.freeze([...acls.values()]);
}

function toAcl(value: ScopeValue): Acl {
  if (value.kind === "path") return Object.freeze([value.authz, value.path] as const);
  return Object.freeze([value.authz, value.kind === "bare" && needsPath(value.authz) ? "" : "/"] as const);
}

/** A bare capability covers every path asked of it (S6); not so the names of S2, nor an opaque value. */
export function coversAnyPath(authz: string): boolean {
  return !needsPath(authz) && !authz.includes(":");
}
