// A refusal of ours in the provider's own words, so that it writes the answer. RFC 6749 5.2.
import { Refused } from "../refused.js";
import type { Library } from "./load.js";

/** Runs `decide`; what it refuses, at once or later, becomes an error of the provider. */
export function translate<T>(errors: Library["errors"], decide: () => T): T {
  const fail = (error: unknown): never => {
    throw error instanceof Refused ? new errors.CustomOIDCProviderError(error.code, error.message) : error;
  };
  try {
    const result = decide();
    // oxlint-disable-next-line typescript/no-unsafe-return -- the same promise, with its refusal translated
    return result instanceof Promise ? (result.catch(fail) as T) : result;
  } catch (error) {
    return fail(error);
  }
}
