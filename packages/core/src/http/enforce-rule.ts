// Whether a verified token meets a route's rule. Rules S7, S8, H3 (the 403 row).
import { InsufficientScopeError, InvalidTokenError } from "../base/errors.js";
import { when } from "../base/when.js";
import type { AskedAt, Decider } from "../enforcer/decide.js";
import { grantorOf } from "./grantor.js";
import type { Asker, Grantor, Missing } from "./grantor.js";
import type { Policies } from "./policies.js";
import { writtenScope } from "./prepare-rule.js";
import type { PreparedRule } from "./prepare-rule.js";
import type { Requirement } from "./requirement.js";
import { resolveRule } from "./resolve-rule.js";
import type { RuleFacts } from "./resolve-rule.js";

export interface RouteRule<Req> {
  readonly scope: PreparedRule<Req> | undefined;
  readonly policies: Policies | undefined;
}

/** A request whose token is good. */
export interface GoodRequest<Req> extends Asker {
  readonly facts: RuleFacts<Req>;
}

/** What was required, and who granted it. */
export interface Granted {
  readonly requirement: Requirement | undefined;
  readonly grantor: Grantor;
}

/**
 * @returns a promise only where a function gives one
 * @throws {InsufficientScopeError}
 */
export function enforceRule<Req>(
  decider: Decider,
  { scope, policies }: RouteRule<Req>,
  { token, now, facts }: GoodRequest<Req>,
): Granted | Promise<Granted> {
  const grantor = grantorOf(decider, policies, { token, now });
  if (scope === undefined) {
    if (policies === undefined || decider.judgedByGroups(token)) return { requirement: undefined, grantor };
    throw new InsufficientScopeError("groups", token.profile === "wlcg" ? ALONE : NO_GROUPS);
  }
  const missing = (requirement: Requirement): Missing | undefined =>
    unmet(requirement, (asked) => grantor.lacks(asked));
  const asking = {
    facts,
    bareNames: decider.takesBareNames,
    audiences: decider.names.audiences,
    holds: (requirement: Requirement) => missing(requirement) === undefined,
  };
  return when(resolveRule(scope, asking), (requirement) => {
    const lack = missing(requirement);
    if (lack === undefined) return { requirement, grantor };
    throw refusalOf(lack, () => writtenScope(requirement, (asked) => decider.relative(token, asked)));
  });
}

const ALONE = "a token with capabilities is judged by them alone, not by its groups";
const NO_GROUPS = "only WLCG tokens have groups";

function refusalOf(lack: Missing, required: () => string | undefined): InsufficientScopeError | InvalidTokenError {
  switch (lack) {
    case "expired":
      return new InvalidTokenError("expired", "exp: the token has expired");
    case "base_path":
      return new InsufficientScopeError("base_path", "the path lies outside of the area of the token's issuer");
    case "capability":
      return new InsufficientScopeError("capability", "no scope of the token covers what is required", required());
    case "policy":
      return new InsufficientScopeError("groups", "no rule for the token's groups or host allows this", required());
  }
}

/** What is missing: of all the first, of any the first alternative's. Undefined when the requirement is met. */
function unmet(requirement: Requirement, lacks: (asked: AskedAt) => Missing | undefined): Missing | undefined {
  if (requirement.kind === "capability") return lacks(requirement.asked);
  const isAny = requirement.kind === "any";
  let first: Missing | undefined;
  for (const one of requirement.of) {
    const lack = unmet(one, lacks);
    if (lack === undefined && isAny) return undefined;
    if (lack !== undefined && !isAny) return lack;
    first ??= lack;
  }
  return first;
}

/** What was met of what was required: of alternatives the first that is, without the others. */
export function metPart({ requirement, grantor }: Granted): Requirement | undefined {
  const meet = (one: Requirement): Requirement => {
    if (one.kind === "capability") return one;
    if (one.kind !== "any") return { ...one, of: one.of.map(meet) };
    const met = one.of.find((alternative) => unmet(alternative, (asked) => grantor.lacks(asked)) === undefined);
    return met === undefined ? one : meet(met);
  };
  return requirement && meet(requirement);
}

/** All that a requirement asks for. */
export function leavesOf(requirement: Requirement): readonly AskedAt[] {
  return requirement.kind === "capability" ? [requirement.asked] : requirement.of.flatMap(leavesOf);
}
