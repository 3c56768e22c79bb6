// exp, nbf, iat. RFC 7519 4.1.4 to 4.1.6, WLCG 4.3.1, rules C1 to C3 and C8.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";

/** Seconds since the epoch; `notBefore` and `issuedAt` may be absent where the profile does not ask for them. */
export interface Times {
  readonly expiresAt: number;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
}

export interface TimeLimits {
  /** Seconds that nbf and iat may lie in the future. There is no grace for exp. */
  readonly clockTolerance: number;
  /** The longest life, in seconds, a token may have; undefined: any. */
  readonly maxTokenLifetime: number | undefined;
}

/** @throws {InvalidTokenError} reasons `missing_claim`, `invalid_claim` */
export function readTimes(claims: JsonObject): Times {
  const expiresAt = numericDate(claims, "exp");
  if (expiresAt === undefined) throw new InvalidTokenError("missing_claim", "exp: expected an expiration time");
  return { expiresAt, notBefore: numericDate(claims, "nbf"), issuedAt: numericDate(claims, "iat") };
}

/** @throws {InvalidTokenError} reasons `expired`, `not_yet_valid`, `lifetime` */
export function checkTimes(times: Times, now: number, limits: TimeLimits): void {
  const { expiresAt, notBefore, issuedAt } = times;
  if (now >= expiresAt) throw new InvalidTokenError("expired", "exp: the token has expired");
  const latest = now + limits.clockTolerance;
  if (notBefore !== undefined && notBefore > latest) {
    throw new InvalidTokenError("not_yet_valid", "nbf: the token is not valid yet", { hint: CLOCK_HINT });
  }
  if (issuedAt !== undefined && issuedAt > latest) {
    throw new InvalidTokenError("not_yet_valid", "iat: the token was issued in the future", { hint: CLOCK_HINT });
  }
  const { maxTokenLifetime } = limits;
  if (maxTokenLifetime !== undefined && expiresAt - (issuedAt ?? notBefore ?? now) > maxTokenLifetime) {
    throw new InvalidTokenError("lifetime", `exp: expected a lifetime of at most ${maxTokenLifetime} s`);
  }
}

const CLOCK_HINT = "compare this machine's clock with the issuer's; clockTolerance allows for a difference";

function numericDate(claims: JsonObject, name: string): number | undefined {
  if (!Object.hasOwn(claims, name)) return undefined;
  const value = claims[name];
  // 1e400 in JSON is Infinity here: a token that never expires.
  if (typeof value !== "number" || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw new InvalidTokenError(
      "invalid_claim",
      `${name}: expected seconds since the epoch, a number from 0 to 2^53 - 1`,
    );
  }
  return value;
}
