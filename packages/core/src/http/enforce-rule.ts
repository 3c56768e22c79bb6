// Whether a verified token meets a route's rule. Rules S7, S8, H3 (the 403 row).
import { InsufficientScopeError, InvalidTokenError } from "../base/errors.js";
import type { AskedAt, Decider, Lack } from "../enforcer/decide.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { resolveRule, writtenScope } from "./requirement.js";
import type { PreparedRule, Requirement, RuleFacts } from "./requirement.js";

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
 * @returns the scope that was required and is granted, written as in a token
 * @throws {InsufficientScopeError}
 */
export async function enforceRule<Req>(
  decider: Decider,
  rule: RouteRule<Req>,
  { token, facts, now }: GoodRequest<Req>,
): Promise<string | undefined> {
  if (rule.groups !== undefined && decider.judgedByGroups(token)) {
    requireGroup(token, rule.groups);
    return undefined;
  }
  if (rule.scope !== undefined) {
    const requirement = await resolveRule(rule.scope, facts, decider.takesBareNames);
    return requireScope(requirement, {
      lacks: (asked) => decider.lacks(token, asked, now),
      relative: (asked) => decider.relative(token, asked),
    });
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

interface Answers {
  readonly lacks: (asked: AskedAt) => Lack | undefined;
  readonly relative: (asked: AskedAt) => AskedAt["path"];
}

function requireScope(requirement: Requirement, { lacks, relative }: Answers): string | undefined {
  const lack = unmet(requirement, lacks);
  const required = writtenScope(requirement, relative);
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

/** What is missing: of all the first, of any the first alternative's. Undefined when the requirement is met. */
function unmet(requirement: Requirement, lacks: Answers["lacks"]): Lack | undefined {
  if (requirement.kind === "capability") return lacks(requirement.asked);
  const all = requirement.of.map((one) => unmet(one, lacks));
  if (requirement.kind === "any" && all.includes(undefined)) return undefined;
  return all.find((lack) => lack !== undefined);
}
