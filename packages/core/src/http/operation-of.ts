// What a request that was let through does, for its handler: what was judged is what is done. Rules R2, R3.
import type { Operation } from "./request-operation.js";
import type { Requirement } from "./requirement.js";

const operations = new WeakMap<object, Operation>();

/**
 * The operation of a request that `fromRequest()` has judged: serve its paths, and create exclusively where `mayReplace` is
 * false. Undefined where the route has no such rule, and where a request that is only reported (H9), or that has no token
 * (H8), has no operation at all.
 * @param request what scope functions are given: the request of Express, Fastify, Nest or Node, Koa's context, a web Request
 * @example const { path, mayReplace } = operationOf(req) ?? fail();
 */
export function operationOf(request: unknown): Operation | undefined {
  return operations.get(request as object); // which has nothing under what is no object
}

export function keepOperation(request: unknown, operation: Operation | undefined): void {
  if (operation !== undefined && typeof request === "object" && request !== null) operations.set(request, operation);
}

/** The operation that a requirement is about; undefined when it is about none. */
export function findOperation(requirement: Requirement | undefined): Operation | undefined {
  if (requirement === undefined || requirement.kind === "capability") return undefined;
  if (requirement.kind === "operation") return requirement.operation;
  return requirement.of.map(findOperation).find((operation) => operation !== undefined);
}
