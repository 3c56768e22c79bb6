// Keys that change in every order, under new ids, old ids and each other's: a token is good while its key is there. Rules I7, I8.
import type { Enforcer } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { createClock, goodToken, HOUR, JWKS_URL, publish, settled, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";

const { network, clock, enforcerOf } = issuerForEachTest();

const [one, two] = [testKey("ES256", "a"), testKey("ES256", "b")];
const under = (kid: string, key: TestKey): TestKey => ({ ...key, kid, jwk: { ...key.jwk, kid } });
const [a1, a2, b1, b2] = [under("a", one), under("a", two), under("b", one), under("b", two)];

/** What an issuer with two keys and two ids may publish. */
const SETS: readonly (readonly [string, readonly TestKey[]])[] = [
  ["nothing", []],
  ["a", [a1]],
  ["another key as a", [a2]],
  ["b", [b2]],
  ["a and b", [a1, b2]],
  ["a and b, swapped", [a2, b1]],
  ["two keys as a", [a1, a2]],
];
const TOKENS = [a1, a2, b1, b2].map((key) => ({ key, raw: goodToken(key, createClock().now) }));
type Token = (typeof TOKENS)[number];
/** Which of them it is depends on what was asked before; 503 is none of them. */
const REFUSED = ["unknown_key", "signature"];

/** Whether the only key with the token's kid is the one that signed it. */
function isGood(keys: readonly TestKey[], { key }: Token): boolean {
  const named = keys.filter(({ kid }) => kid === key.kid);
  return named.length === 1 && named[0]?.privateKey === key.privateKey;
}

/** Sequences of three sets that begin with this one: any two follow one another, and any third one set of them. */
const sequences = (first: number): readonly (readonly (readonly TestKey[])[])[] =>
  SETS.flatMap((_, second) =>
    SETS.map((__, third) => [first, second, third]).filter(([, , third = 0]) => (first + second + third) % 3 === 0),
  ).map((sequence) => sequence.map((at) => SETS[at]?.[1] ?? []));

const fetches = (): number => network.asked(JWKS_URL);

/** Another order of the tokens for each number. */
function ordered(seed: number): readonly Token[] {
  const rest = [...TOKENS];
  return TOKENS.flatMap((_, i) => rest.splice((seed + i * 7) % rest.length, 1));
}

/** An enforcer beside what it should know: the issuer's last word, and the tokens that it verified with keys that are still there. */
class Pair {
  readonly enforcer: Enforcer = enforcerOf();
  known: readonly TestKey[] | undefined;
  #verified = new Set<Token>();

  refreshed(keys: readonly TestKey[]): void {
    this.known = keys;
    // A second key with the same id makes a new token's ambiguous; what was verified before stays so (V2).
    this.#verified = new Set([...this.#verified].filter(({ key }) => keys.includes(key)));
  }

  /** Whether a refresh could make a difference to it. */
  asksAgain(token: Token): boolean {
    const named = this.known?.filter(({ kid }) => kid === token.key.kid) ?? [];
    return !this.#isGood(token) && named.length < 2;
  }

  /** The enforcer's verdict, and the one it should be. */
  async judge(token: Token): Promise<readonly [string, string]> {
    const outcome = await verdict(this.enforcer, token.raw);
    const isGoodNow = this.#isGood(token);
    if (isGoodNow) this.#verified.add(token);
    return [REFUSED.includes(outcome) ? "refused" : outcome, isGoodNow ? "good" : "refused"];
  }

  #isGood(token: Token): boolean {
    return this.#verified.has(token) || isGood(this.known ?? [], token);
  }
}

describe.each(SETS.map(([name], at) => [name, at] as const))("an issuer that begins with %s,", (_, first) => {
  it("is believed to the letter after each refresh (I5, I8)", async () => {
    for (const [at, sequence] of sequences(first).entries()) {
      clock.now = createClock().now;
      const pair = new Pair();
      for (const keys of sequence) {
        publish(network, keys);
        const before = fetches();
        // The first request after it is due sets the refresh going, and is judged by what is known.
        clock.now += 6 * HOUR;
        await verdict(pair.enforcer, TOKENS[0]?.raw ?? "");
        await settled();
        pair.refreshed(keys);
        for (const token of ordered(at)) {
          const [outcome, wanted] = await pair.judge(token);
          expect([at, token.key.kid, outcome]).toEqual([at, token.key.kid, wanted]);
        }
        expect(fetches() - before).toBeLessThanOrEqual(2);
      }
      pair.enforcer.close();
    }
  });

  it("is asked once in a cool-down by a token that is not known, and believed from then on (I7, I8)", async () => {
    for (const [at, sequence] of sequences(first).entries()) {
      clock.now = createClock().now;
      const pair = new Pair();
      for (const keys of sequence) {
        publish(network, keys);
        clock.now += 30;
        const before = fetches();
        // What has just been fetched for the first time is asked for once more by who is not content with a signature.
        let asked = pair.known === undefined;
        if (asked) pair.refreshed(keys);
        for (const token of ordered(at)) {
          if (!asked && pair.asksAgain(token)) {
            pair.refreshed(keys);
            asked = true;
          }
          const [outcome, wanted] = await pair.judge(token);
          expect([at, token.key.kid, outcome]).toEqual([at, token.key.kid, wanted]);
        }
        expect(fetches() - before).toBeLessThanOrEqual(2);
      }
      pair.enforcer.close();
    }
  });
});
