// Requests as a runtime makes them, and tokens for whom they are sent to.
import type { EnforcerOptions } from "@scitokens/core";
import { signToken, testKey } from "../support/sign.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";
export const NOW = 1_790_000_000;

export const key = testKey("ES256", "key-1");

export const trust: EnforcerOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

export function token(scope: string, more: object = {}): string {
  const times = { iat: NOW, nbf: NOW, exp: NOW + 600 };
  return signToken(key, { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", scope, ...times, ...more });
}

/** A request with these Authorization lines, which Headers joins. */
export function request(target: string, lines: readonly string[] = [], method = "GET"): Request {
  const headers = new Headers();
  for (const line of lines) headers.append("Authorization", line);
  return new Request(`https://data.example.org:8443${target}`, { method, headers });
}

/** The answer to a refused request, or 200 where it was let through. */
export async function statusOf(decided: Promise<unknown>): Promise<number> {
  const outcome = await decided;
  return outcome instanceof Response ? outcome.status : 200;
}
