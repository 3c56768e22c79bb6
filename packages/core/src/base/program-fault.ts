// A function of the application's that fails with an error of ours speaks of another token, not of this request's. Rule H3.
import { SciTokenError } from "./errors.js";

/** Calls a function of the application's, so that nothing it throws is taken for a refusal of this request. */
export function callApplication<T>(call: () => T | PromiseLike<T>): T | Promise<T> {
  try {
    const said = call();
    return isThenable(said) ? settle(said) : said;
  } catch (thrown) {
    throw asProgramFault(thrown);
  }
}

/** Whatever `await` would wait for; asking may run code of the application's. */
function isThenable<T>(said: T | PromiseLike<T>): said is PromiseLike<T> {
  const isObject = (typeof said === "object" && said !== null) || typeof said === "function";
  return isObject && typeof (said as { then?: unknown }).then === "function";
}

async function settle<T>(said: PromiseLike<T>): Promise<T> {
  try {
    return await said;
  } catch (thrown) {
    throw asProgramFault(thrown);
  }
}

/** A path that has no meaning is the request's own fault: the `scope` template says so. */
export function asProgramFault(thrown: unknown): unknown {
  if (!(thrown instanceof SciTokenError) || thrown.code === "invalid_path") return thrown;
  return new Error("a function of the application failed", { cause: thrown });
}
