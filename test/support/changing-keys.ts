// An issuer that publishes its first key when a test begins, and others later; requests to it, and what they cost it.
import type { Enforcer, EnforcerOptions } from "@scitokens/core";
import { expect } from "vitest";
import { issuerForEachTest } from "./issuer-for-each-test.js";
import type { IssuerForEachTest } from "./issuer-for-each-test.js";
import { DAY, goodToken, JWKS_URL, METADATA_URL, settled, verdict } from "./scripted-issuer.js";
import { testKey } from "./sign.js";
import type { TestKey } from "./sign.js";

export const first: TestKey = testKey("ES256", "first");
export const second: TestKey = testKey("ES256", "second");
export const third: TestKey = testKey("ES256", "third");
export const YEAR: number = 365 * DAY;

export interface ChangingKeysForEachTest extends IssuerForEachTest {
  /** An enforcer that has the keys, and a token that it knows. */
  readonly started: (more?: Partial<EnforcerOptions>) => Promise<{ enforcer: Enforcer; token: string }>;
  /** The verdict on one request, when what that set going in the background has ended. By default with a new token. */
  readonly request: (enforcer: Enforcer, raw?: string) => Promise<string>;
  /** A good token that nobody has seen, of the first key unless another is named. */
  readonly fresh: (key?: TestKey) => string;
  /** How often the issuer was asked for its metadata, with which every attempt begins. */
  readonly attempts: () => number;
  /** How often it was asked for its keys. */
  readonly fetches: () => number;
}

export function changingKeysForEachTest(): ChangingKeysForEachTest {
  const issuer = issuerForEachTest(first);
  const { network, clock, enforcerOf } = issuer;
  const fresh = (key = first): string => goodToken(key, clock.now, { jti: crypto.randomUUID() });
  return {
    ...issuer,
    fresh,
    attempts: () => network.asked(METADATA_URL),
    fetches: () => network.asked(JWKS_URL),
    started: async (more) => {
      const enforcer = enforcerOf(more);
      const token = goodToken(first, clock.now);
      expect(await verdict(enforcer, token)).toBe("good");
      return { enforcer, token };
    },
    request: async (enforcer, raw = fresh()) => {
      const outcome = await verdict(enforcer, raw);
      await settled();
      return outcome;
    },
  };
}
