// Who answers whether a requirement is met: the token by its scopes, or this server for the token's groups and host.
// Rules S7, S10.
import { InsufficientScopeError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { GrantedBy } from "../base/events.js";
import type { AskedAt, Decider, Lack, OutOfReach } from "../enforcer/decide.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { permits } from "../scopes/policy.js";
import { concern, policiesFor } from "./policies.js";
import type { Policies } from "./policies.js";

/** Why something is not granted: a policy lacks it, or a token does. */
export type Missing = Lack | "policy";

export interface Grantor {
  lacks(asked: AskedAt): Missing | undefined;
  /** By what all of these are granted, for the record (H6). */
  groundsOf(asked: readonly AskedAt[]): GrantedBy;
}

export interface Asker {
  readonly token: SciToken;
  readonly now: number;
}

/** A rule may ask for thousands of things; so many are looked up for the record. */
const MOST_GROUNDS = 16;

/** @throws {InsufficientScopeError} where the token has no say, and neither has anybody for it */
export function grantorOf(decider: Decider, policies: Policies | undefined, asker: Asker): Grantor {
  const { token } = asker;
  const areAsked = policies !== undefined && decider.judgedByGroups(token) && concern(policies, token);
  return areAsked ? byPolicies(decider, policies, asker) : byScopes(decider, asker);
}

function byScopes(decider: Decider, { token, now }: Asker): Grantor {
  return {
    lacks: (asked) => decider.lacks(token, asked, now),
    groundsOf(all) {
      const scopes = new Set<string>();
      for (const asked of all.slice(0, MOST_GROUNDS)) {
        for (const scope of decider.scopesThatGrant(token, asked)) scopes.add(forLog(scope) ?? "");
      }
      return { scopes: [...scopes] };
    },
  };
}

function byPolicies(decider: Decider, policies: Policies, { token, now }: Asker): Grantor {
  const own = policiesFor(policies, token);
  if (own.length === 0) {
    throw new InsufficientScopeError("groups", "no rule of this route is for the token's groups or its host");
  }
  const permitting = (asked: AskedAt): (typeof own)[number] | OutOfReach | undefined => {
    const located = decider.locate(token, asked, now);
    if (typeof located === "string") return located;
    return own.find(({ policy }) => policy === "whatever is asked" || permits(policy, located));
  };
  return {
    lacks(asked) {
      const found = permitting(asked);
      return typeof found === "string" ? found : found === undefined ? "policy" : undefined;
    },
    groundsOf(all) {
      const found = all.slice(0, MOST_GROUNDS).map(permitting);
      const grounds = found.flatMap((one) => (typeof one === "object" ? [one.grounds] : []));
      return { scopes: [], ...(grounds[0] ?? own[0]?.grounds) };
    },
  };
}
