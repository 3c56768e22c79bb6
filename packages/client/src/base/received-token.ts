// A token as an answer brought it: is it one, and does it live long enough? RFC 6750 2.1. Nothing is verified.
import { AccessToken } from "./access-token.js";
import { TokenError } from "./errors.js";
import { readExpiry } from "./read-claims.js";
import { isToken } from "./token-text.js";

const MOST = 64 * 1024; // characters; no header takes that many

/** What came with the token, and what was asked of it. */
export interface Received {
  readonly source: string;
  /** As the answer has it, in seconds since the epoch. The token's own `exp` counts more: it is what servers look at. */
  readonly expiresAt?: number | undefined;
  readonly scope?: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
  /** Seconds. */
  readonly timeLeft: number;
}

/** @throws {TokenError} `unusable`: no token, or one that ends too early */
export function receivedToken(value: unknown, { source, scope, now, timeLeft, expiresAt }: Received): AccessToken {
  if (typeof value !== "string" || value.length > MOST || !isToken(value)) {
    throw new TokenError("unusable", `${source}: what came is no token (RFC 6750 2.1)`, { source });
  }
  const ends = readExpiry(value) ?? expiresAt;
  if (ends !== undefined && ends - now < timeLeft) {
    const left = Math.floor(ends - now);
    const lives = left <= 0 ? "has expired already (are the clocks right?)" : `lives for ${left} s more`;
    throw new TokenError("unusable", `${source}: the token that came ${lives}; asked for were ${timeLeft} s`, {
      source,
    });
  }
  return new AccessToken(value, { source, expiresAt: ends, scope });
}
