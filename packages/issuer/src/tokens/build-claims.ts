// The payload of a new token: what the caller gave wins over what is generated. RFC 7519 4.1, rules P2-P4, interop 1.
import { randomUUID } from "node:crypto";
import { wholeSeconds } from "../clock.js";
import { isRecord, OptionError, wholeNumber } from "../options.js";
import { profileRules } from "./profiles.js";
import type { ProfileRules, TokenProfile } from "./profiles.js";

/**
 * The claims of a token to be minted.
 *
 * Values are `unknown` on purpose: tests must be able to mint a wrong one. A claim that is present with the
 * value `undefined` is left out of the token, a generated one too.
 */
export interface TokenClaims {
  /** Default: the option `issuer`. */
  readonly iss?: unknown;
  readonly sub?: unknown;
  readonly aud?: unknown;
  /** Seconds since 1970. Default: now + lifetime. */
  readonly exp?: unknown;
  /** Seconds since 1970. Default: now. */
  readonly nbf?: unknown;
  /** Seconds since 1970. Default: now. */
  readonly iat?: unknown;
  /** Default: a random UUID. */
  readonly jti?: unknown;
  /** A string, or a list of strings that are joined by blanks. */
  readonly scope?: unknown;
  readonly [claim: string]: unknown;
}

/** What the generated claims are made of. */
export interface ClaimsContext {
  readonly issuer: string;
  readonly profile: TokenProfile;
  /** Seconds. */
  readonly lifetime: unknown;
  readonly now: unknown;
}

/** Completes and checks the claims of a token. */
export function buildClaims(claims: TokenClaims, context: ClaimsContext): Readonly<Record<string, unknown>> {
  if (!isRecord(claims)) throw new OptionError("claims must be an object");
  const rules = profileRules(context.profile);
  checkRequired(claims, rules, context.profile);
  checkKnown(claims, rules, context.profile);
  const given = "scope" in claims ? { ...claims, scope: joinScope(claims.scope) } : claims;
  return withoutUndefined({ ...generate(context), ...rules.marks, ...given });
}

function generate({ issuer, lifetime, now }: ClaimsContext): Record<string, unknown> {
  const seconds = wholeNumber(lifetime, "lifetime (seconds)", 1, Number.MAX_SAFE_INTEGER);
  const iat = wholeSeconds(now);
  return { iss: issuer, iat, nbf: iat, exp: iat + seconds, jti: randomUUID() };
}

function checkRequired(claims: TokenClaims, { required }: ProfileRules, profile: TokenProfile): void {
  const missing = required.find((claim) => !Object.hasOwn(claims, claim));
  if (missing === undefined) return;
  throw new OptionError(
    `claim '${missing}' is required by profile ${profile}; give '${missing}: undefined' to leave it out on purpose`,
  );
}

function checkKnown(claims: TokenClaims, { known }: ProfileRules, profile: TokenProfile): void {
  const stranger = known && Object.keys(claims).find((claim) => claims[claim] !== undefined && !known.includes(claim));
  if (stranger === undefined) return;
  throw new OptionError(
    `claim '${stranger}' is unknown to profile ${profile} and verifiers refuse it; use scitokens-2`,
  );
}

// Anything but a list is the caller's own affair.
function joinScope(scope: unknown): unknown {
  if (!Array.isArray(scope)) return scope;
  const fits = scope.length > 0 && scope.every((value) => typeof value === "string" && /^\S+$/.test(value));
  if (!fits) throw new OptionError("a scope list must hold strings without blanks (percent-encode them), at least one");
  return scope.join(" ");
}

function withoutUndefined(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
