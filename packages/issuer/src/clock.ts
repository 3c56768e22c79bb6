// Time in whole seconds: scitokens-cpp 0.7.3 refuses a fractional exp (interop 1).
import { OptionError } from "./options.js";

/** The system's clock, in seconds since 1970, with its fraction. */
export function systemClock(): number {
  return Date.now() / 1000;
}

/** What `now` says, as a whole number of seconds. */
export function wholeSeconds(now: unknown): number {
  if (typeof now !== "function") throw new OptionError("now must be a function that returns seconds since 1970");
  const seconds: unknown = now();
  if (typeof seconds === "number" && Number.isFinite(seconds)) return Math.floor(seconds);
  throw new OptionError("now must return a finite number of seconds since 1970");
}
