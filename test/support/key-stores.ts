// Stores of keys as tests want them: what lies in them, made by hand, and stores that fail.
import type { KeyStore } from "@scitokens/core";
import { ISSUER } from "./scripted-issuer.js";
import type { TestKey } from "./sign.js";

/** The name of ISSUER's keys in a store. */
export const KEY = JSON.stringify([ISSUER, null]);

/** A key set as it lies in a store, written by hand, so that the tests do not believe the code's own writing. */
export function storedSet(keys: readonly unknown[], fetchedAt: unknown, changes: object = {}): string {
  const entries = keys.map((key) => (isTestKey(key) ? key.jwk : key));
  return JSON.stringify({ version: 1, issuer: ISSUER, jwks: { keys: entries }, fetchedAt, ...changes });
}

function isTestKey(key: unknown): key is TestKey {
  return typeof key === "object" && key !== null && "privateKey" in key;
}

/** A store that has this one text, under ISSUER's name. */
export const storeWith = (value: string): Map<string, string> => new Map([[KEY, value]]);

/** What lies in a store under ISSUER's name. */
export function contentOf(store: ReadonlyMap<string, string>): Record<string, unknown> & { fetchedAt?: number } {
  return JSON.parse(store.get(KEY) ?? "{}") as Record<string, unknown>;
}

/** A store that counts. */
export function countingStore(): KeyStore & { readonly kept: Map<string, string>; gets: number; sets: number } {
  const kept = new Map<string, string>();
  return {
    kept,
    gets: 0,
    sets: 0,
    get(key) {
      this.gets++;
      return kept.get(key);
    },
    set(key, value) {
      this.sets++;
      kept.set(key, value);
    },
  };
}
