// What a request that was let through does, for its handler: what was judged is what is done. Rules R2, R3, H9.
import { metPart } from "./enforce-rule.js";
import type { Granted } from "./enforce-rule.js";
import type { Operation } from "./request-operation.js";
import type { Requirement } from "./requirement.js";

interface Kept {
  readonly operation: Operation;
  readonly mode: "enforce" | "report";
}

const operations = new WeakMap<object, Kept>();

/**
 * The operation of a request that `fromRequest()` has judged: serve its paths, and create exclusively where `mayReplace` is
 * false. Undefined where the route has no such rule, and where a request that is only reported (H9), or that has no token
 * (H8), has no operation at all.
 * @param request the request of Express, Fastify, Nest or Node, Koa's context, a web Request
 * @example const { path, mayReplace } = operationOf(req) ?? fail();
 */
export function operationOf(request: unknown): Operation | undefined {
  return operations.get(request as object)?.operation; // which has nothing under what is no object
}

/** Where several rules judge one request, it may do what all of them allow; what was only reported counts for nothing then. */
export function keepOperation(
  { request, judged = request }: { readonly request: unknown; readonly judged?: unknown },
  operation: Operation | undefined,
  mode: Kept["mode"],
): void {
  if (typeof judged !== "object" || judged === null) return;
  const before = operations.get(judged);
  if (before?.mode === "enforce" && mode === "report") return;
  const isFirst = before === undefined || before.mode !== mode;
  if (operation === undefined) {
    if (isFirst) operations.delete(judged);
    return;
  }
  const isTighter = !isFirst && operation.mayReplace && !before.operation.mayReplace;
  operations.set(judged, {
    operation: isTighter ? Object.freeze({ ...operation, mayReplace: false }) : operation,
    mode,
  });
}

/** The operation of what was granted; undefined when that is about none. */
export function findOperation(granted: Granted): Operation | undefined {
  const { requirement } = granted;
  if (requirement === undefined || requirement.kind === "capability") return undefined;
  return requirement.kind === "operation" ? requirement.operation : operationIn(metPart(granted));
}

/** Of several operations the first, with what all of them allow. */
export function operationIn(requirement: Requirement | undefined): Operation | undefined {
  const all = requirement === undefined ? [] : operationsOf(requirement);
  const [first] = all;
  return first && (all.every(({ mayReplace }) => mayReplace) ? first : Object.freeze({ ...first, mayReplace: false }));
}

function operationsOf(requirement: Requirement): readonly Operation[] {
  if (requirement.kind === "capability") return [];
  return requirement.kind === "operation" ? [requirement.operation] : requirement.of.flatMap(operationsOf);
}
