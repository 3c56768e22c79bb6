// What a rule requires of one request: functions are called, the request itself is read. Rules R3, R6.
import { InsufficientScopeError } from "../base/errors.js";
import { callApplication } from "../base/program-fault.js";
import { when } from "../base/when.js";
import { judgeRequest } from "./judge-request.js";
import type { ReadHeader } from "./other-end.js";
import { readOperation } from "./request-operation.js";
import type { RequestedOperation } from "./request-operation.js";
import { prepareRule } from "./prepare-rule.js";
import type { PreparedRule } from "./prepare-rule.js";
import type { Requirement } from "./requirement.js";
import type { FromRequestOptions } from "./scope-rule.js";

/** What a rule may look at. */
export interface RuleFacts<Req> {
  readonly method: string;
  readonly target: string;
  readonly request: Req;
  readonly header?: ReadHeader;
}

/** For whom, and where, a rule is asked. */
export interface Asking<Req> {
  readonly facts: RuleFacts<Req>;
  readonly bareNames: boolean;
  /** This server's names. */
  readonly audiences: readonly string[];
  /** Whether a requirement is met: what is there is asked only where it matters. */
  readonly holds: (requirement: Requirement) => boolean;
}

/** What this request must be granted; a promise only where a function gives one. What a function throws is passed on. */
export function resolveRule<Req>(rule: PreparedRule<Req>, asking: Asking<Req>): Requirement | Promise<Requirement> {
  return resolveWithin(rule, asking, { left: MAX_CALLS });
}

/** Of functions for one request, those that functions gave among them: one that gives itself would hold the thread for ever. */
const MAX_CALLS = 100;

function resolveWithin<Req>(
  rule: PreparedRule<Req>,
  asking: Asking<Req>,
  calls: { left: number },
): Requirement | Promise<Requirement> {
  const { facts, bareNames, holds } = asking;
  switch (rule.kind) {
    case "request": {
      const { options } = rule;
      return judgeRequest(requestedOperation(facts, asking.audiences, options), {
        request: facts.request,
        options,
        holds,
      });
    }
    case "function":
      if (calls.left <= 0) throw new TypeError("scope: expected a scope of a function, not always another function");
      calls.left -= 1;
      // A path that has no meaning is the request's own fault: the `scope` template says so.
      return when(
        callApplication(() => rule.call(facts.request), "invalid_path"),
        (said) => resolveWithin(prepareRule(said, bareNames), asking, calls),
      );
    case "parts": {
      const resolve = async (part: PreparedRule<Req>): Promise<Requirement> => resolveWithin(part, asking, calls);
      return rule.join === "any" ? resolveAny(rule.of, resolve, holds) : resolveAll(rule.of, resolve);
    }
    default:
      return rule;
  }
}

/** @throws {InsufficientScopeError} @throws {InvalidPathError} */
export function requestedOperation<Req>(
  { method, target, header = () => [] }: RuleFacts<unknown>,
  audiences: readonly string[],
  { thirdPartyCopy = false }: FromRequestOptions<Req>,
): RequestedOperation {
  return readOperation({ method, target, header, audiences, thirdPartyCopy });
}

/** Each in a promise of its own: what one throws is not thrown while another's promise has nobody yet. */
async function resolveAll<Req>(
  parts: readonly PreparedRule<Req>[],
  resolve: (part: PreparedRule<Req>) => Promise<Requirement>,
): Promise<Requirement> {
  return { kind: "all", of: await Promise.all(parts.map(resolve)) };
}

/** One after the other, until one is met. One that says nothing of the request's method is one that is not met. */
async function resolveAny<Req>(
  parts: readonly PreparedRule<Req>[],
  resolve: (part: PreparedRule<Req>) => Promise<Requirement>,
  holds: (requirement: Requirement) => boolean,
): Promise<Requirement> {
  const of: Requirement[] = [];
  let refusal: InsufficientScopeError | undefined;
  for (const part of parts) {
    try {
      const requirement = await resolve(part);
      if (holds(requirement)) return requirement;
      of.push(requirement);
    } catch (error) {
      if (!(error instanceof InsufficientScopeError)) throw error;
      refusal ??= error;
    }
  }
  if (of.length === 0 && refusal !== undefined) throw refusal;
  return { kind: "any", of };
}
