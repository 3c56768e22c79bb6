// A token that is brought to be exchanged: only one that a service would take. RFC 8693 2.1, rules T6, T7, C1 to C8, P1 to P3.
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import { systemClock } from "../../clock.js";
import type { KeyRing } from "../../keys/key-ring.js";
import { Refused } from "../refused.js";
import { isGroupName } from "../scopes/scope-value.js";
import type { Granted, OAuthProfile } from "./grant.js";

/** What it says. */
export interface SubjectToken {
  readonly claims: JWTPayload & { readonly exp: number; readonly sub: string };
  readonly held: Granted;
  readonly groups: readonly string[];
}

const NOT_BEARER = ["cnf", "at_hash", "typ"]; // bound to a key, or an ID token
const TOLERANCE = 60; // seconds, as verifiers have it (C3)

/**
 * Reads a token of this issuer. What services refuse is refused: exchanged it would be a token that they take.
 * @throws {Refused} invalid_request (RFC 8693 2.2.2)
 */
export async function readSubjectToken(token: string, issuer: string, keys: KeyRing): Promise<SubjectToken> {
  const { claims, kid } = await verify(token, issuer, keys);
  const profile = profileOf(claims);
  // A plain token's words mean only what they say: as one of another profile they could mean more (S5).
  if (profile === undefined) throw unfit("is neither a SciToken 2.0 nor a WLCG token");
  if (NOT_BEARER.some((name) => name in claims)) throw unfit("is not a plain access token");
  const { sub, jti, client_id: clientId, iat, nbf, exp, scope = profile === "wlcg" ? "" : undefined } = claims;
  const named = [jti ?? "", clientId ?? ""].every((value) => typeof value === "string");
  if (!named || typeof sub !== "string" || sub === "" || typeof scope !== "string")
    throw unfit("has a claim that is not a string");
  if (exp === undefined || !isTime(exp) || !isPast(iat) || !(isPast(nbf) || (nbf === undefined && profile === "wlcg")))
    throw unfit("has times that no service takes");
  if (profile === "wlcg" && kid === undefined) throw unfit("does not say its key");
  const audience = texts([claims.aud].flat());
  if (audience.length === 0) throw unfit("is for nobody");
  const groups = profile === "wlcg" ? texts(claims["wlcg.groups"] ?? []) : []; // a SciToken has none (P5)
  if (!groups.every(isGroupName)) throw unfit("has groups that are no groups");
  // Words about groups in the scope made none: only the claim did.
  const values = scope.split(" ").filter((text) => text !== "" && !/^wlcg\.groups(?::|$)/.test(text));
  const held = { scope: [...values, ...groups.map((group) => `wlcg.groups:${group}`)], audience, profile };
  return { claims: { ...claims, exp, sub }, held, groups };
}

async function verify(
  token: string,
  issuer: string,
  keys: KeyRing,
): Promise<{ readonly claims: JWTPayload; readonly kid: string | undefined }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys.jwks().keys] }), {
      issuer,
      typ: "JWT", // as this issuer makes them
      requiredClaims: ["exp", "sub", "aud"],
    });
    return { claims: payload, kid: protectedHeader.kid };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw unfit("is not a good token of this issuer");
  }
}

/** As verifiers choose it: `ver` decides where both are there (P1). */
function profileOf(claims: JWTPayload): OAuthProfile | undefined {
  const { ver, "wlcg.ver": wlcg } = claims;
  if ("ver" in claims) return ver === "scitoken:2.0" || ver === "scitokens:2.0" ? "scitokens-2" : undefined;
  return typeof wlcg === "string" && /^0*1\.\d+$/.test(wlcg) ? "wlcg" : undefined;
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isPast(value: unknown): boolean {
  return isTime(value) && Number(value) <= systemClock() + TOLERANCE;
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === "string" && text !== ""))
    return value as readonly string[];
  throw unfit("has a list that holds more than names");
}

function unfit(why: string): Refused {
  return new Refused("invalid_request", `the subject_token ${why}`);
}
