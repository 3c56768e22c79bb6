// The capabilities of a token with few scopes, as nearly all are: looked at one after the other. Rules S4, S6, S9.
import { coversAnyPath, listAcls } from "./acl.js";
import type { Acl, Capabilities } from "./acl.js";
import { isBelow } from "./path.js";
import type { CanonicalPath } from "./path.js";
import type { ScopeValue } from "./parse.js";

export class FewScopes implements Capabilities {
  readonly values: readonly ScopeValue[];
  #acls: readonly Acl[] | undefined;

  constructor(values: readonly ScopeValue[]) {
    this.values = values;
  }

  get acls(): readonly Acl[] {
    return (this.#acls ??= listAcls(this.values));
  }

  hasBare(authz: string): boolean {
    for (const value of this.values) {
      if (value.kind !== "path" && value.authz === authz) return true;
    }
    return false;
  }

  covers(authz: string, path: CanonicalPath): boolean {
    for (const value of this.values) {
      if (value.authz !== authz) continue;
      if (value.kind === "path" ? isBelow(path, value.path) : coversAnyPath(authz)) return true;
    }
    return false;
  }

  leadsTo(authz: string, path: CanonicalPath): boolean {
    return this.values.some((value) => value.kind === "path" && value.authz === authz && isBelow(value.path, path));
  }
}
