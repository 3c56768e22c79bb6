// One token for another that can do less, or for another service. RFC 8693, ADR 0015.
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { KeyRing } from "../../keys/key-ring.js";
import { Refused } from "../refused.js";
import { asksForGroups, isOfTheIssuer } from "../scopes/narrowing.js";
import { parseScopeValue } from "../scopes/scope-value.js";
import { anyAudience } from "./grant.js";
import type { Asked, ClientRights, Granted } from "./grant.js";
import { narrow } from "./policy.js";
import type { CapabilitySets } from "./policy.js";

/** A token that is brought to be exchanged. */
export interface SubjectToken {
  readonly claims: JWTPayload;
  readonly held: Granted;
  readonly groups: readonly string[];
}

/**
 * Reads a token of this issuer: signature, times and `iss`.
 * @throws {Refused} invalid_request (RFC 8693 2.2.2)
 */
export async function readSubjectToken(token: string, issuer: string, keys: KeyRing): Promise<SubjectToken> {
  const claims = await verify(token, issuer, keys);
  const profile = "wlcg.ver" in claims ? "wlcg" : "scitokens-2";
  // A plain token's words mean only what they say: as one of another profile they could mean more (S5).
  if (profile === "scitokens-2" && claims["ver"] !== "scitoken:2.0")
    throw new Refused("invalid_request", "the subject_token is neither a SciToken 2.0 nor a WLCG token");
  const groups = texts(claims["wlcg.groups"]);
  const scope = [...texts(claims["scope"], " "), ...groups.map((group) => `wlcg.groups:${group}`)];
  return { claims, held: { scope, audience: texts(claims.aud), profile }, groups };
}

/**
 * What the new token may say.
 * @throws {Refused} invalid_scope, invalid_target where it would be more than the old one says
 */
export function narrowToken(subject: SubjectToken, asked: Asked, client: ClientRights, sets: CapabilitySets): Granted {
  const { held } = subject;
  const ofTheClient = (name: string): boolean => client.audience?.includes(name) === true;
  const open = held.audience.includes(anyAudience(held.profile));
  const stray = asked.audience.find((name) => !open && !held.audience.includes(name) && !ofTheClient(name));
  if (stray !== undefined)
    throw new Refused("invalid_target", "the audience is neither the token's nor one that the client may name");
  const named = held.scope.filter((text) => text.startsWith("wlcg.groups:"));
  const scope = asked.scope?.flatMap((text) => (text === "wlcg.groups" && named.length > 0 ? named : [text]));
  const granted = narrow({ ...held, audience: [] }, { scope, audience: asked.audience }, sets);
  refuseUnmasked(held.scope, granted.scope);
  return { ...granted, audience: asked.audience.length > 0 ? asked.audience : held.audience };
}

/** A token with capabilities is judged by them alone: without them its groups, which had no say, would have one (S7). */
function refuseUnmasked(held: readonly string[], granted: readonly string[]): void {
  if (!granted.some((text) => asksForGroups(parseScopeValue(text)))) return;
  if (!held.some(isCapability) || granted.some(isCapability)) return;
  throw new Refused("invalid_scope", "groups without the capabilities of the token would be more than it grants");
}

function isCapability(text: string): boolean {
  return !isOfTheIssuer(parseScopeValue(text));
}

async function verify(token: string, issuer: string, keys: KeyRing): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys.jwks().keys] }), {
      issuer,
      requiredClaims: ["exp", "sub", "aud"],
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new Refused("invalid_request", "the subject_token is not a good token of this issuer");
  }
}

function texts(value: unknown, separator?: string): readonly string[] {
  if (typeof value === "string")
    return (separator === undefined ? [value] : value.split(separator)).filter((text) => text !== "");
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
