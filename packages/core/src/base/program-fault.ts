// A function of the application's that fails with an error of ours speaks of another token, not of this request's. Rule H3.
import { SciTokenError } from "./errors.js";
import type { ErrorCode } from "./errors.js";
import { readError } from "./thrown.js";
import { isThenable } from "./when.js";

/**
 * Calls a function of the application's, so that nothing it throws is taken for a refusal of this request.
 * @param passed what it may yet refuse the request with
 */
export function callApplication<T>(call: () => T | PromiseLike<T>, passed?: ErrorCode): T | Promise<T> {
  try {
    const said = call();
    return isThenable<T, PromiseLike<T>>(said) ? settle(said, passed) : said;
  } catch (thrown) {
    throw asProgramFault(thrown, passed);
  }
}

async function settle<T>(said: PromiseLike<T>, passed?: ErrorCode): Promise<T> {
  try {
    return await said;
  } catch (thrown) {
    throw asProgramFault(thrown, passed);
  }
}

export function asProgramFault(thrown: unknown, passed?: ErrorCode): unknown {
  const error = readError(thrown);
  if (error === "bites") return new Error("a function of the application threw what cannot be read");
  if (!(error instanceof SciTokenError) || error.code === passed) return thrown;
  return new Error("a function of the application failed", { cause: thrown });
}
