// A token as an answer brought it: is it one, is it for whom it was asked for, and does it live long enough? RFC 6750 2.1.
// Nothing is verified.
import { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import { readClaims, readExpiry } from "../base/read-claims.js";
import type { ReadRequest } from "../base/token-request.js";
import { isToken } from "../base/token-text.js";
import { whyNotAudience } from "./token-fits.js";

const MOST = 64 * 1024; // characters; no header takes that many

/** What came with the token. */
export interface Received {
  readonly source: string;
  /** As the answer has it, in seconds since the epoch. The token's own `exp` counts more: it is what servers look at. */
  readonly expiresAt?: number | undefined;
  readonly scope?: string | undefined;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** @throws {TokenError} `unusable`: no token, one that ends too early, or one for other servers than it was asked for */
export function receivedToken(value: unknown, asked: ReadRequest, received: Received): AccessToken {
  const { source, scope, now, expiresAt } = received;
  const { timeLeft, audience, resource } = asked;
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
  // A resource may be what the issuer writes as the audience; alone it may be mapped to another name (RFC 8707 2).
  const names = audience.length === 0 ? [] : [...audience, ...resource];
  const why = whyNotAudience(readClaims(value)?.["aud"], names);
  if (why !== undefined) throw new TokenError("unusable", `${source}: of the token that came, ${why}`, { source });
  return new AccessToken(value, { source, expiresAt: ends, scope });
}
