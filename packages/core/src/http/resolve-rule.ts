// What a rule requires of one request: functions are called, the request itself is read. Rules R3, R6, S5.
import { InsufficientScopeError } from "../base/errors.js";
import { callApplication } from "../base/program-fault.js";
import { when } from "../base/when.js";
import { parseTarget } from "./request-path.js";
import { prepareRule } from "./requirement.js";
import type { PreparedRule, Requirement } from "./requirement.js";

/** What a rule may look at. */
export interface RuleFacts<Req> {
  readonly method: string;
  readonly target: string;
  readonly request: Req;
}

/** What this request must be granted; a promise only where a function gives one. What a function throws is passed on. */
export function resolveRule<Req>(
  rule: PreparedRule<Req>,
  facts: RuleFacts<Req>,
  bareNames: boolean,
): Requirement | Promise<Requirement> {
  return resolveWithin(rule, { facts, bareNames, calls: { left: MAX_CALLS } });
}

interface Asking<Req> {
  readonly facts: RuleFacts<Req>;
  readonly bareNames: boolean;
  /** Of functions, those that functions gave among them. */
  readonly calls: { left: number };
}

/** For one request: a function that gives itself, say, would hold the thread for ever. */
const MAX_CALLS = 100;

function resolveWithin<Req>(rule: PreparedRule<Req>, asking: Asking<Req>): Requirement | Promise<Requirement> {
  const { facts, bareNames, calls } = asking;
  switch (rule.kind) {
    case "request":
      return requirementOf(facts.method, facts.target);
    case "function":
      if (calls.left-- === 0) throw new TypeError("scope: expected a scope of a function, not always another function");
      // A path that has no meaning is the request's own fault: the `scope` template says so.
      return when(
        callApplication(() => rule.call(facts.request), "invalid_path"),
        (said) => resolveWithin(prepareRule(said, bareNames), asking),
      );
    case "parts":
      return resolveParts(rule.join, rule.of, (one) => resolveWithin(one, asking));
    default:
      return rule;
  }
}

/** Each in a promise of its own: what one throws is not thrown while another's promise has nobody yet. */
async function resolveParts<Req>(
  kind: "all" | "any",
  parts: readonly PreparedRule<Req>[],
  resolve: (part: PreparedRule<Req>) => Requirement | Promise<Requirement>,
): Promise<Requirement> {
  return { kind, of: await Promise.all(parts.map(async (part) => resolve(part))) };
}

const READS = ["storage.read", "read"];
const LOOKS = [...READS, "storage.create", "storage.modify", "storage.stage", "write"];

/** The reading half of R3. Both languages' names, so that it holds with `equivalence: false` too. */
function requirementOf(method: string, target: string): Requirement {
  const names = method === "GET" ? READS : method === "HEAD" ? LOOKS : undefined;
  if (names === undefined) throw new InsufficientScopeError("method", "no scope is known for the request's method");
  const path = parseTarget(target);
  return { kind: "any", of: names.map((authz) => ({ kind: "capability", asked: { authz, path, of: "request" } })) };
}
