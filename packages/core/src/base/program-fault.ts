// A function of the application's that fails with an error of ours speaks of another token, not of this request's. Rule H3.
import { SciTokenError } from "./errors.js";

/** Calls a function of the application's, so that nothing it throws is taken for a refusal of this request. */
export async function callApplication<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw asProgramFault(thrown);
  }
}

/** A path that has no meaning is the request's own fault: the `scope` template says so. */
export function asProgramFault(thrown: unknown): unknown {
  if (!(thrown instanceof SciTokenError) || thrown.code === "invalid_path") return thrown;
  return new Error("a function of the application failed", { cause: thrown });
}
