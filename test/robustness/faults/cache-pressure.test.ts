// Memory under floods: of good tokens against a small cache, of bad ones, of names that nobody knows. Rules V1, V2, V3, I1, I7.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { heldAfter } from "../../support/garbage.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { AUDIENCE, createNetwork, goodToken, ISSUER, publish, verdict } from "../../support/scripted-issuer.js";
import { encode, testKey } from "../../support/sign.js";

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
  it.each([2, 3, 8, 9, 40])(
    "forgets none that is asked for again soon: tokenCache: %i (V1)",
    async (tokenCache) => {
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
    },
  );

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

/** Bytes that one of `count` bad requests may leave behind, on average: none of theirs is as short. */
const LEFT = 250;
const COUNT = 800;
const filler = "x".repeat(500);
const signature = FLOOD[0]?.split(".")[2] ?? "";

/** A token that was never signed: its header and claims are its own. */
function unsigned(i: number, claims: object, header: object): string {
  const head = encode({ alg: key.alg, kid: key.kid, ...header });
  const payload = encode({ iss: ISSUER, aud: AUDIENCE, ver: "scitoken:2.0", sub: `${i}`, scope: "read:/", ...claims });
  return `${head}.${payload}.${signature.slice(0, -8)}${i.toString(36).padStart(7, "A")}A`;
}

const FLOODS: Readonly<Record<string, (i: number) => { readonly raw: string; readonly requestId?: string }>> = {
  "signatures that are wrong": (i) => ({ raw: unsigned(i, {}, {}) }),
  "key ids that nobody knows": (i) => ({ raw: unsigned(i, {}, { kid: `${i}-${filler}` }) }),
  "issuers that nobody trusts": (i) => ({ raw: unsigned(i, { iss: `https://i${i}.example.org/${filler}` }, {}) }),
  "texts that are no token": (i) => ({ raw: `${i}${filler}` }),
  "good tokens that have expired": (i) => ({ raw: tokenOf(`${i}-${filler}`, { exp: NOW - 1 }) }),
  "request ids": (i) => ({ raw: FLOOD[0] ?? "", requestId: `${i}-${filler}` }),
};

describe("a flood of", () => {
  it.each(Object.entries(FLOODS))("%s holds no memory, and good tokens stay good (V3, I1, I7)", async (_, make) => {
    const network = createNetwork();
    publish(network, [key]);
    const heard: string[] = [];
    const onEvent = ({ type }: { readonly type: string }): void => void (heard.length < 10 && heard.push(type));
    const enforcer = enforcerOf({ issuer: ISSUER, keys: { fetch: network.fetch }, onEvent, validators: {} });
    const protection = createProtection({ enforcer });
    const [hot = ""] = FLOOD;
    const send = async (raw: string, requestId = "id"): Promise<boolean> => {
      const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: {}, requestId };
      return (await authorizeRequest(facts, protection)).allowed;
    };
    const flood = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        const { raw, requestId } = make(i);
        const allowed = await send(raw, requestId);
        if (allowed !== (raw === hot)) throw new Error(`${i}: ${allowed}`);
        if (i % 100 === 0) expect(await send(hot)).toBe(true);
      }
    };
    await flood(0, 200); // what is made once is made now
    const held = await heldAfter(() => flood(200, 200 + COUNT));
    expect(held / COUNT).toBeLessThan(LEFT);
    expect(network.requests.length).toBeLessThanOrEqual(4); // the keys, and once more for an unknown kid
    expect(heard).toHaveLength(10);
  });
});
