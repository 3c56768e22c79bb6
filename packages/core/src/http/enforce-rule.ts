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

/** What was met of what was required, of alternatives the first that was; and who granted it. */
export interface Granted {
  readonly met: Requirement | undefined;
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
    if (policies === undefined || decider.judgedByGroups(token)) return { met: undefined, grantor };
    throw new InsufficientScopeError("groups", "a token with capabilities is judged by them alone, not by its groups");
  }
  const meet = (requirement: Requirement): Requirement | Missing =>
    metPart(requirement, (asked) => grantor.lacks(asked));
  const asking = {
    facts,
    bareNames: decider.takesBareNames,
    audiences: decider.names.audiences,
    holds: (requirement: Requirement) => typeof meet(requirement) === "object",
  };
  return when(resolveRule(scope, asking), (requirement) => {
    const met = meet(requirement);
    if (typeof met === "object") return { met, grantor };
    throw refusalOf(met, () => writtenScope(requirement, (asked) => decider.relative(token, asked)));
  });
}

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

/** The part that is met, each alternative but the first good one left out; or what is missing, of several the first. */
function metPart(requirement: Requirement, lacks: (asked: AskedAt) => Missing | undefined): Requirement | Missing {
  if (requirement.kind === "capability") return lacks(requirement.asked) ?? requirement;
  const isAny = requirement.kind === "any";
  const parts: Requirement[] = [];
  let first: Missing | undefined;
  for (const one of requirement.of) {
    const met = metPart(one, lacks);
    if (typeof met === "string") {
      if (!isAny) return met;
      first ??= met;
    } else {
      if (isAny) return met;
      parts.push(met);
    }
  }
  return first ?? { ...requirement, of: parts };
}

/** All that a requirement asks for. */
export function leavesOf(requirement: Requirement): readonly AskedAt[] {
  return requirement.kind === "capability" ? [requirement.asked] : requirement.of.flatMap(leavesOf);
}
