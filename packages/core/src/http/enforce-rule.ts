// Whether a verified token meets a route's rule. Rules S7, S8, H3 (the 403 row).
import { InsufficientScopeError, InvalidTokenError } from "../base/errors.js";
import { when } from "../base/when.js";
import type { AskedAt, Decider, Lack } from "../enforcer/decide.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { writtenScope } from "./requirement.js";
import type { PreparedRule, Requirement } from "./requirement.js";
import { resolveRule } from "./resolve-rule.js";
import type { RuleFacts } from "./resolve-rule.js";

export interface RouteRule<Req> {
  readonly scope: PreparedRule<Req> | undefined;
  readonly groups: readonly string[] | undefined;
}

/** A request whose token is good. */
export interface GoodRequest<Req> {
  readonly token: SciToken;
  readonly facts: RuleFacts<Req>;
  readonly now: number;
}

/**
 * @returns what was required and is granted; undefined where that is no scope. A promise only where a function gives one
 * @throws {InsufficientScopeError}
 */
export function enforceRule<Req>(
  decider: Decider,
  rule: RouteRule<Req>,
  { token, facts, now }: GoodRequest<Req>,
): Requirement | undefined | Promise<Requirement> {
  if (rule.groups !== undefined && decider.judgedByGroups(token)) {
    requireGroup(token, rule.groups);
    return undefined;
  }
  if (rule.scope !== undefined) {
    return when(resolveRule(rule.scope, facts, decider.takesBareNames), (requirement) => {
      requireScope(decider, requirement, { token, now });
      return requirement;
    });
  }
  if (rule.groups !== undefined) {
    throw new InsufficientScopeError("groups", "a token with capabilities is judged by them alone, not by its groups");
  }
  return undefined;
}

function requireGroup(token: SciToken, groups: readonly string[]): void {
  const held = token.groups;
  if (groups.some((group) => held.includes(group))) return;
  throw new InsufficientScopeError("groups", "none of the token's groups is among those required");
}

function requireScope(
  decider: Decider,
  requirement: Requirement,
  { token, now }: { readonly token: SciToken; readonly now: number },
): void {
  switch (unmet(requirement, (asked) => decider.lacks(token, asked, now))) {
    case undefined:
      return;
    case "expired":
      throw new InvalidTokenError("expired", "exp: the token has expired");
    case "base_path":
      throw new InsufficientScopeError("base_path", "the path lies outside of the area of the token's issuer");
    case "capability": {
      const required = writtenScope(requirement, (asked) => decider.relative(token, asked));
      throw new InsufficientScopeError("capability", "no scope of the token covers what is required", required);
    }
  }
}

/** What is missing: of all the first, of any the first alternative's. Undefined when the requirement is met. */
function unmet(requirement: Requirement, lacks: (asked: AskedAt) => Lack | undefined): Lack | undefined {
  if (requirement.kind === "capability") return lacks(requirement.asked);
  const { kind } = requirement;
  let first: Lack | undefined;
  for (const one of requirement.of) {
    const lack = unmet(one, lacks);
    if (lack === undefined && kind === "any") return undefined;
    if (lack !== undefined && kind === "all") return lack;
    first ??= lack;
  }
  return first;
}
