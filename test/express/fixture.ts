// An Express application of each version on loopback, and tokens that it takes.
import express5 from "express";
import express4 from "express4";
import type { EnforcerOptions } from "@scitokens/core";
import { signToken, testKey } from "../support/sign.js";

export const ISSUER = "https://issuer.example.org";
export const AUDIENCE = "https://data.example.org";

export const key = testKey("ES256", "key-1");

export const trust: EnforcerOptions = { issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE };

export const versions: readonly (readonly [string, typeof express5])[] = [
  ["Express 4", express4 as unknown as typeof express5],
  ["Express 5", express5],
];

export function token(scope: string, more: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + 600 };
  return signToken(key, { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", scope, ...times, ...more });
}

export const bearer = (raw: string): { readonly authorization: string } => ({ authorization: `Bearer ${raw}` });
