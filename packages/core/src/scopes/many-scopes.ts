// The capabilities of a token with many scopes, in an index: a thousand are asked as quickly as ten. Rules S4, S6, S9.
import { coversAnyPath, listAcls } from "./acl.js";
import type { Acl, Capabilities } from "./acl.js";
import { isBelow } from "./path.js";
import type { CanonicalPath } from "./path.js";
import type { ScopeValue } from "./parse.js";

export class ManyScopes implements Capabilities {
  readonly values: readonly ScopeValue[];
  #acls: readonly Acl[] | undefined;
  readonly #bare = new Set<string>();
  readonly #paths = new Map<string, CoveredPaths>();

  constructor(values: readonly ScopeValue[]) {
    this.values = values;
    for (const value of values) {
      if (value.kind === "path") this.#add(value.authz, value.path);
      else this.#bare.add(value.authz);
    }
  }

  get acls(): readonly Acl[] {
    return (this.#acls ??= listAcls(this.values));
  }

  hasBare(authz: string): boolean {
    return this.#bare.has(authz);
  }

  covers(authz: string, path: CanonicalPath): boolean {
    if (this.#bare.has(authz) && coversAnyPath(authz)) return true;
    const covered = this.#paths.get(authz);
    return covered !== undefined && coversPath(covered, path);
  }

  leadsTo(authz: string, path: CanonicalPath): boolean {
    for (const covered of this.#paths.get(authz)?.paths ?? []) {
      if (isBelow(covered, path)) return true;
    }
    return false;
  }

  #add(authz: string, path: CanonicalPath): void {
    let covered = this.#paths.get(authz);
    if (covered === undefined) this.#paths.set(authz, (covered = { paths: new Set(), lengths: new Set() }));
    covered.paths.add(path);
    covered.lengths.add(path.length);
  }
}

interface CoveredPaths {
  readonly paths: Set<CanonicalPath>;
  /** The lengths of the paths: no other part of what is asked need be looked up. */
  readonly lengths: Set<number>;
}

/** Asks for the path itself and for each directory above it, as a file (`/a`) and as a directory (`/a/`). */
function coversPath({ paths, lengths }: CoveredPaths, asked: CanonicalPath): boolean {
  const has = (length: number): boolean => lengths.has(length) && paths.has(asked.slice(0, length) as CanonicalPath);
  if (has(asked.length)) return true;
  for (let slash = asked.lastIndexOf("/"); slash > 0; slash = asked.lastIndexOf("/", slash - 1)) {
    if (has(slash + 1) || has(slash)) return true;
  }
  return has(1);
}
