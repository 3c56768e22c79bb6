// A request in an event: what it does, and where. No query, which may hold a secret; bounded and printable. Rule H6.
import { SciTokenError } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { RequestSummary } from "../base/events.js";
import { requestPath } from "./request-path.js";
import type { Operation, RequestedOperation } from "./request-operation.js";

/** Characters. No more are read for the record: whoever has no token shall not make work. */
export const LONGEST_DESCRIBED = 1024;

export function describeRequest(
  { method, target }: { readonly method: string; readonly target: string },
  operation: Operation | RequestedOperation | undefined,
): RequestSummary {
  const { source, destination, remote } = operation ?? {};
  return {
    method: forLog(method) ?? "",
    path: forLog(operation?.path ?? pathOf(target)) ?? "",
    operation: operation?.name,
    source: source === operation?.path ? undefined : forLog(source),
    destination: destination === operation?.path ? undefined : forLog(destination),
    remote: forLog(remote?.split("?", 1)[0]),
  };
}

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** As it stands, where it has no meaning; without what may be a name and a password. */
function pathOf(target: unknown): string {
  if (typeof target !== "string") return "";
  try {
    if (target.length <= LONGEST_DESCRIBED) return requestPath(target);
  } catch (error) {
    if (!(error instanceof SciTokenError)) throw error;
  }
  return target.replace(AUTHORITY, "").split(/[?#]/, 1)[0] ?? "";
}
