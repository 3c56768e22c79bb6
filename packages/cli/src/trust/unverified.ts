// What a token says of itself: to choose words by and to propose something, never to decide.
import { decodeUnverified, InvalidTokenError } from "@scitokens/core";
import type { JsonObject } from "@scitokens/core";

export interface UnverifiedWords {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Undefined for what is no signed JWT. */
export function readUnverified(raw: string): UnverifiedWords | undefined {
  try {
    const { header, claims } = decodeUnverified(raw);
    return { header, claims };
  } catch (error) {
    if (error instanceof InvalidTokenError) return undefined;
    throw error;
  }
}

export function textClaim(words: UnverifiedWords | undefined, name: string): string | undefined {
  const value = words?.claims[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberClaim(words: UnverifiedWords | undefined, name: string): number | undefined {
  const value = words?.claims[name];
  return typeof value === "number" ? value : undefined;
}

/** `aud` as a list; empty when the token has none that is well-formed. */
export function audienceClaim(words: UnverifiedWords | undefined): readonly string[] {
  const aud = words?.claims["aud"];
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.filter((name) => typeof name === "string");
}

/** The scopes of `scope`, or of `scp` as some issuers spell it. */
export function scopeClaims(words: UnverifiedWords | undefined): readonly string[] {
  const value = words?.claims["scope"] ?? words?.claims["scp"];
  const list: readonly unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split(" ") : [];
  return list.filter((scope) => typeof scope === "string").filter((scope) => scope !== "");
}
