// The cache of verified tokens under floods of good ones, and what floods of bad ones leave behind. Rules V1, V3, I1, I7.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions } from "@scitokens/core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FLOODS, heldByEach } from "./floods.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { AUDIENCE, goodToken, ISSUER, verdict } from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";

nothingIsLeftAlone();
const key = testKey("ES256", "k1");
const NOW = 1_800_000_000;
/** Called once a verification, and not for a verdict from the cache. */
const verifications = vi.fn(() => true);
beforeEach(() => void verifications.mockClear());

const tokenOf = (sub: string, claims: object = {}): string => goodToken(key, NOW, { sub, ...claims });
const FLOOD: readonly string[] = Array.from({ length: 150 }, (_, i) => tokenOf(`flood-${i}`));

function enforcerOf(more: Partial<EnforcerOptions> = {}): Enforcer {
  const issuer = { issuer: ISSUER, jwks: { keys: [key.jwk] } };
  return createEnforcer({
    issuer,
    audience: AUDIENCE,
    clock: () => NOW,
    validators: { sub: verifications },
    ...more,
  });
}

describe("a flood of good tokens", () => {
  it.each([2, 3, 8, 9, 40])("forgets none that is asked for again soon: tokenCache: %i (V1)", async (tokenCache) => {
    const enforcer = enforcerOf({ tokenCache });
    // Soon: before half as many others as the cache has room for.
    const hot = Array.from({ length: Math.max(1, Math.floor(tokenCache / 4)) }, (_, i) => tokenOf(`hot-${i}`));
    const known = await Promise.all(hot.map((raw) => enforcer.verify(raw)));
    verifications.mockClear();
    for (const [i, raw] of FLOOD.entries()) {
      await enforcer.verify(raw);
      const at = i % hot.length;
      expect(await enforcer.verify(hot[at] ?? "")).toBe(known[at]);
    }
    const missed = verifications.mock.calls.length - FLOOD.length;
    expect(missed).toBe(0);
  });

  it.each([1, false] as const)(
    "is judged right where next to nothing is kept: tokenCache: %j (V1)",
    async (tokenCache) => {
      const enforcer = enforcerOf({ tokenCache });
      const [hot, expired] = [tokenOf("hot"), tokenOf("late", { exp: NOW })];
      for (const raw of FLOOD.slice(0, 50)) {
        expect([await verdict(enforcer, raw), await verdict(enforcer, hot)]).toEqual(["good", "good"]);
        expect(await verdict(enforcer, expired)).toBe("expired");
        expect((await enforcer.verify(hot)).subject).toBe("hot");
      }
    },
  );

  it.each([1, 2, 3, 64])(
    "and of requests at once gives each its own token: tokenCache: %i (V1, V3)",
    async (tokenCache) => {
      const enforcer = enforcerOf({ tokenCache });
      const asked = [...FLOOD, ...FLOOD.toReversed(), ...FLOOD].map(async (raw, i) => {
        if (i % 3 === 0) await Promise.resolve();
        return (await enforcer.verify(raw)).subject;
      });
      const indices = FLOOD.map((_, i) => i);
      const expected = [...indices, ...indices.toReversed(), ...indices].map((i) => `flood-${i}`);
      expect(await Promise.all(asked)).toEqual(expected);
    },
  );
});

it("floods of bad tokens, and of names that nobody knows, hold no memory, and good tokens stay good (V3, I1, I7)", async () => {
  const kinds = Object.values(FLOODS);
  const held = await heldByEach((i) => kinds[i % kinds.length]?.(i) ?? { raw: "" }, 1200, 300);
  expect(held).toBeLessThan(200); // each has 500 that are its own
});
