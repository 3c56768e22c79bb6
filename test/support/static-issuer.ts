// An issuer whose keys stand in the configuration, a clock that stands still, and good tokens of every profile. What a
// test changes is all that is wrong with its token.
import { inspect } from "node:util";
import { createEnforcer, InvalidTokenError } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, IssuerOptions, ProfileName, TokenReason } from "@scitokens/core";
import { expect } from "vitest";
import { encode, signBytes, signToken, testKey } from "./sign.js";

export const NOW = 1_790_000_000;
export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
/** Stands in every token's `sub` and `jti`, and never in what the library says. */
export const CANARY = "canary";

export const key = testKey("ES256", "key-1");

type Members = Readonly<Record<string, unknown>>;

const COMMON = { iss: ISSUER, sub: `${CANARY}-subject`, jti: `${CANARY}-id`, iat: NOW, exp: NOW + 600 };

const CLAIMS: Readonly<Record<ProfileName, Members>> = {
  "scitokens-1": { ...COMMON, aud: AUDIENCE, nbf: NOW, scope: "read:/data" },
  "scitokens-2": { ...COMMON, ver: "scitoken:2.0", aud: AUDIENCE, nbf: NOW, scope: "read:/data" },
  wlcg: { ...COMMON, "wlcg.ver": "1.0", aud: AUDIENCE, scope: "storage.read:/data" },
  "at-jwt": { ...COMMON, aud: AUDIENCE, client_id: "app", scope: "queue" },
  oauth: { iss: ISSUER, exp: NOW + 600, aud: AUDIENCE, sub: `${CANARY}-subject`, azp: "app", scope: "queue" },
};

export const EVERY_PROFILE: readonly ProfileName[] = ["scitokens-1", "scitokens-2", "wlcg", "at-jwt", "oauth"];

/** The claims of a good token; a change to `undefined` leaves the claim out. */
export function claimsOf(profile: ProfileName, changes: Members = {}): Members {
  return { ...CLAIMS[profile], ...changes };
}

export function headerOf(profile: ProfileName, changes: Members = {}): Members {
  return { alg: key.alg, kid: key.kid, typ: profile === "at-jwt" ? "at+jwt" : "JWT", ...changes };
}

export function tokenOf(profile: ProfileName, changes: Members = {}, header: Members = {}): string {
  return signToken(key, claimsOf(profile, changes), headerOf(profile, header));
}

/** A SciTokens 2.0 token with this scope. */
export const scoped = (scope: string): string => tokenOf("scitokens-2", { scope });

/** The text of a good SciTokens 2.0 payload with more members written at its end, as JSON text. */
export function payloadText(more: string, changes: Members = {}): string {
  return `${JSON.stringify(claimsOf("scitokens-2", changes)).slice(0, -1)},${more}}`;
}

/** Signs segments as they stand, whatever they hold. */
export function signSegments(header: string, payload: string): string {
  return `${header}.${payload}.${signBytes(key, `${header}.${payload}`)}`;
}

export const GOOD_HEADER = encode(headerOf("scitokens-2"));
export const GOOD_PAYLOAD = encode(claimsOf("scitokens-2"));

/** An enforcer that trusts this issuer; its options and its issuer's can be changed. Never reaches a network. */
export function enforcerWith(options: Partial<EnforcerOptions> = {}, issuer: Partial<IssuerOptions> = {}): Enforcer {
  return createEnforcer({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] }, ...issuer },
    audience: AUDIENCE,
    clock: () => NOW,
    keys: { fetch: () => Promise.reject(new Error("no test of this folder may reach a network")) },
    ...options,
  });
}

/** Why a token is refused, or `good`. Each refusal must be of the right class, and silent about the token (H6). */
export async function verdict(enforcer: Enforcer, raw: string): Promise<TokenReason | "good"> {
  try {
    await enforcer.verify(raw);
    return "good";
  } catch (error) {
    return reasonOf(error, raw);
  }
}

export function reasonOf(error: unknown, raw: string): TokenReason {
  if (!(error instanceof InvalidTokenError)) throw error;
  expect(error).toMatchObject({ name: "InvalidTokenError", code: "invalid_token", status: 401 });
  expectSilence(error, raw);
  return error.reason;
}

/** The whole error, its hint and causes included, holds neither the token, nor a part of it, nor a claim's value. */
export function expectSilence(error: Error, raw: string): void {
  const shown = inspect(error, { depth: 10 });
  expect(shown).not.toContain(CANARY);
  for (const part of typeof raw === "string" ? raw.split(".") : []) {
    if (part.length >= 8) expect(shown).not.toContain(part);
  }
}
