// What a token says of itself, to choose one. The client judges none: this is its one way into the core.
import { decodeUnverified } from "@scitokens/core";
import type { JsonObject, UnverifiedToken } from "@scitokens/core";
import { AccessToken } from "./access-token.js";
import type { AccessTokenFacts } from "./access-token.js";

/** A JWT taken apart, not verified; undefined for a token that only its issuer can read. */
export function readToken(token: string): UnverifiedToken | undefined {
  try {
    return decodeUnverified(token);
  } catch {
    return undefined; // it throws for one thing: this is no JWT
  }
}

/** The claims of a JWT, not verified. */
export function readClaims(token: string): JsonObject | undefined {
  return readToken(token)?.claims;
}

/** When a JWT ends, in seconds since the epoch; undefined where it does not say. */
export function readExpiry(token: string): number | undefined {
  const exp = readClaims(token)?.["exp"];
  return typeof exp === "number" && Number.isFinite(exp) ? exp : undefined;
}

/** An access token that knows when it ends: its own word counts before what is said of it elsewhere. */
export function toAccessToken(value: string, facts: AccessTokenFacts): AccessToken {
  return new AccessToken(value, { ...facts, expiresAt: readExpiry(value) ?? facts.expiresAt });
}
