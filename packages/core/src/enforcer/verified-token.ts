// A token's claims judged by its profile, once its signature is known to be good. Rules C1 to C8, P1 to P5, S2, S3, T6, T7.
import { InvalidTokenError } from "../base/errors.js";
import { deepFreeze } from "../base/json.js";
import type { JsonObject } from "../base/json.js";
import { checkAudience, readAudience } from "../claims/audience.js";
import { checkStrings, checkUse, refuseUnknownClaims, requireClaims } from "../claims/required.js";
import { checkTimes, readTimes } from "../claims/times.js";
import { runValidators } from "../claims/validator.js";
import type { CheckedHeader } from "../jwt/header.js";
import type { Profile } from "../profiles/profile.js";
import { selectProfile } from "../profiles/select.js";
import { createCapabilities } from "../scopes/capabilities.js";
import { parseScope, ScopeError } from "../scopes/parse.js";
import type { ScopeValue } from "../scopes/parse.js";
import type { Issuer } from "./issuer-options.js";
import type { Settings } from "./options.js";
import type { TokenContent } from "./sci-token.js";

/** A token whose signature is its issuer's. */
export interface SignedToken {
  /** Its header is frozen already: other tokens have the same. */
  readonly token: { readonly header: JsonObject; readonly claims: JsonObject };
  readonly header: CheckedHeader;
  readonly issuer: Issuer;
}

/** @throws {InvalidTokenError} */
export function judge({ token, header, issuer }: SignedToken, now: number, settings: Settings): TokenContent {
  const { claims } = token;
  const profile = selectProfile(claims, header.typ, issuer.profiles);
  checkClaims(profile, claims, header, settings);
  const times = readTimes(claims);
  const audience = readAudience(claims);
  profile.groups?.(claims); // read now, so that the token is refused for them
  const scopes = profile.scopes(claims);

  checkTimes(times, now, settings.timeLimits);
  checkAudience(audience, issuer.audiencePolicy, profile.anyAudience);
  const capabilities = createCapabilities(parseScopes(scopes, profile));
  // Each member by its name: spreading an object costs more here than all checks of the claims.
  return {
    issuer: issuer.issuer,
    subject: claims["sub"] as string | undefined,
    id: claims["jti"] as string | undefined,
    profile,
    capabilities,
    issuedAt: times.issuedAt,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    header: token.header,
    claims: deepFreeze(claims),
  };
}

function checkClaims(profile: Profile, claims: JsonObject, header: CheckedHeader, settings: Settings): void {
  if (profile.requiresKeyId === true && header.kid === undefined) {
    throw new InvalidTokenError("profile", `kid: expected in the header of a ${profile.name} token`);
  }
  checkUse(claims);
  requireClaims(claims, profile.required);
  checkStrings(claims);
  if (profile.known !== undefined) refuseUnknownClaims(claims, profile.known, settings.validators);
  runValidators(claims, settings.validators);
}

function parseScopes(scopes: readonly string[], profile: Profile): readonly ScopeValue[] {
  const pathsRequired = profile.language !== "plain";
  try {
    return scopes.map((scope) => parseScope(scope, { pathsRequired }));
  } catch (cause) {
    if (cause instanceof ScopeError) throw new InvalidTokenError("scope_syntax", `scope: ${cause.message}`, { cause });
    throw cause;
  }
}
