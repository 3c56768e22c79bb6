// From the scopes of a token to what it grants. Rule S6.
import type { Capabilities } from "./acl.js";
import { FewScopes } from "./few-scopes.js";
import { ManyScopes } from "./many-scopes.js";
import { refusesPath } from "./parse.js";
import type { ScopeValue } from "./parse.js";

/** Up to so many, no index is faster than looking at each, and a cached token is smaller by half a kilobyte (ADR 0018). */
const FEW = 12;

export function createCapabilities(values: readonly ScopeValue[]): Capabilities {
  // A name that carries no path grants nothing with one (S6).
  const held = values.filter((value) => value.kind !== "path" || !refusesPath(value.authz));
  return held.length <= FEW ? new FewScopes(held) : new ManyScopes(held);
}
