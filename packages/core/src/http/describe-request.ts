// A request in an event: what it does, and where. No query, which may hold a secret; bounded and printable. Rule H6.
import { SciTokenError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { RequestSummary } from "../base/events.js";
import { requestPath } from "./request-path.js";
import type { RequestedOperation, Operation } from "./request-operation.js";

export function describeRequest(
  { method, target }: { readonly method: string; readonly target: string },
  operation: Operation | RequestedOperation | undefined,
): RequestSummary {
  const { source, destination, remote } = operation ?? {};
  return {
    method: forLog(method) ?? "",
    path: forLog(pathOf(target)) ?? "",
    operation: operation?.name,
    source: source === operation?.path ? undefined : forLog(source),
    destination: destination === operation?.path ? undefined : forLog(destination),
    remote: forLog(remote?.split("?", 1)[0]),
  };
}

/** As it stands, where it has no meaning. */
function pathOf(target: string): string {
  try {
    return requestPath(target);
  } catch (error) {
    if (error instanceof SciTokenError) return target.split("?", 1)[0] ?? "";
    throw error;
  }
}
