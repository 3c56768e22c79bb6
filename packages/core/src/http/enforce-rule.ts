// Whether a verified token meets a route's rule. Rules S7, S8, H3 (the 403 row).
import { InsufficientScopeError, InvalidTokenError } from "../base/errors.js";
import type { Decider, Lack } from "../enforcer/decide.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { resolveRule, writtenScope } from "./requirement.js";
import type { PreparedRule, Requirement, RuleFacts } from "./requirement.js";

export interface RouteRule<Req> {
  readonly scope: PreparedRule<Req> | undefined;
  readonly groups: readonly string[] | undefined;
}

/**
 * @returns the scope that was required and is granted, written as in a token
 * @throws {InsufficientScopeError}
 */
export async function enforceRule<Req>(
  decider: Decider,
  token: SciToken,
  rule: RouteRule<Req>,
  facts: RuleFacts<Req>,
  now: number,
): Promise<string | undefined> {
  if (rule.groups !== undefined && decider.judgedByGroups(token)) {
    requireGroup(token, rule.groups);
    return undefined;
  }
  if (rule.scope !== undefined) {
    return requireScope(decider, token, await resolveRule(rule.scope, facts, decider.takesBareNames), now);
  }
  if (rule.groups !== undefined) {
    throw new InsufficientScopeError("groups", "a token with capabilities is judged by them alone, not by its groups");
  }
  return undefined;
}

function requireGroup(token: SciToken, groups: readonly string[]): void {
  if (groups.some((group) => token.groups.includes(group))) return;
  throw new InsufficientScopeError("groups", "none of the token's groups is among those required");
}

function requireScope(decider: Decider, token: SciToken, requirement: Requirement, now: number): string | undefined {
  const lack = unmet(requirement, (asked) => decider.lacks(token, asked, now));
  const required = writtenScope(requirement, (asked) => decider.relative(token, asked));
  switch (lack) {
    case undefined:
      return required;
    case "expired":
      throw new InvalidTokenError("expired", "exp: the token has expired");
    case "base_path":
      throw new InsufficientScopeError("base_path", "the path lies outside of the area of the token's issuer");
    case "capability":
      throw new InsufficientScopeError("capability", "no scope of the token covers what is required", required);
  }
}

type Capability = Extract<Requirement, { kind: "capability" }>;

/** What is missing: of all the first, of any the first alternative's. Undefined when the requirement is met. */
function unmet(requirement: Requirement, lacks: (asked: Capability["asked"]) => Lack | undefined): Lack | undefined {
  if (requirement.kind === "capability") return lacks(requirement.asked);
  const all = requirement.of.map((one) => unmet(one, lacks));
  if (requirement.kind === "any" && all.includes(undefined)) return undefined;
  return all.find((lack) => lack !== undefined);
}
