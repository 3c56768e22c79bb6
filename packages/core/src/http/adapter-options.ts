// The checks of options that adapters take themselves, before the core sees the rest.
import { checkOwnOptions } from "./protection.js";

/** The option `onError` of every adapter, each with its own arguments. @throws {TypeError} */
export function checkOnError<Handler>(onError: Handler | undefined): Handler | undefined {
  if (onError === undefined || typeof onError === "function") return onError;
  throw new TypeError("onError: expected a function");
}

/**
 * The options of a route or an application, before they are taken apart: what is no object of options, a list say, would
 * then be an empty one, which is enough for any good token; and what an object inherits would be gone.
 * @throws {TypeError}
 */
export function checkRouteOptions<Options extends object>(given: Options): Options {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError("expected an object, as { scope: 'read:/data' }");
  }
  checkOwnOptions(given);
  return given;
}
