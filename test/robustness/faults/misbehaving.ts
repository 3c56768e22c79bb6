// A clock, an issuer and a store that do what they like for a while, at random but seeded; and what must hold when they no longer do.
import type { Enforcer } from "@scitokens/core";
import { expect } from "vitest";
import { first, second, third, YEAR } from "../../support/changing-keys.js";
import type { ChangingKeysForEachTest } from "../../support/changing-keys.js";
import { DAY, everywhere, HOUR, JWKS_URL, publish, refused, settled, verdict } from "../../support/scripted-issuer.js";

/** What `keys.usableFor` is by default. */
export const USABLE_FOR: number = 2 * DAY;

/** Seconds by which a clock may be set forth and back. */
export const JUMPS: readonly number[] = [
  ...[59, 61, 2 * HOUR, 3 * DAY, YEAR].flatMap((seconds) => [seconds, -seconds]),
  1e15,
  -1_800_000_000, // to 1970
  -1_900_000_000, // before it
];

const STEPS = 40;
/** Each as often as it stands here. */
const ACTS = ["up", "up", "down", "rotate", "request", "request", "request", "unknown", "jump"] as const;

/** Numbers from 0 to 1, the same for the same seed. */
export function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One run: misbehaviour, then what must hold. */
export async function misbehaveAndMend(world: ChangingKeysForEachTest, seed: number, stored: boolean): Promise<void> {
  const { network, clock, enforcerOf, request, fresh } = world;
  const right = clock.now;
  const enforcer = enforcerOf(stored ? { keys: { store: new Map<string, string>() } } : {});
  publish(network, [first]);
  await misbehave(world, enforcer, numbersOf(seed));

  const verdictOf = async (raw: string): Promise<unknown> => ({ seed, verdict: await request(enforcer, raw) });
  publish(network, [first]);
  clock.now = right;
  await request(enforcer);
  clock.now += 361; // the longest back-off, and what two clocks may differ by
  await request(enforcer);
  clock.now += 31; // the cool-down
  expect(await verdictOf(fresh())).toEqual({ seed, verdict: "good" });
  publish(network, [second]);
  clock.now += 31;
  expect(await verdictOf(fresh(second))).toEqual({ seed, verdict: "good" });
  expect(await verdictOf(fresh(first))).toEqual({ seed, verdict: "unknown_key" });
  const [status] = enforcer.status();
  expect({ seed, state: status?.state }).toEqual({ seed, state: "fresh" });
  expect(status?.usableUntil).toBeLessThanOrEqual(clock.now + USABLE_FOR + 60);
  everywhere(network, refused);
  clock.now += USABLE_FOR + 61;
  expect(await verdictOf(fresh(second))).toEqual({ seed, verdict: "issuer_unavailable" });
  clock.now = right;
}

/** By the way the issuer goes up and down, has this key or that, and the clock jumps between requests and during fetches. */
async function misbehave(world: ChangingKeysForEachTest, enforcer: Enforcer, random: () => number): Promise<void> {
  const { network, clock, fresh } = world;
  const right = clock.now;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let step = 0; step < STEPS; step++) {
    clock.now = right + pick([0, 0, ...JUMPS]);
    const act = pick(ACTS);
    if (act === "up") publish(network, [first]);
    if (act === "rotate") publish(network, [second]);
    if (act === "down") everywhere(network, refused);
    if (act === "jump") jumpWhileFetching(world, right + pick(JUMPS));
    // A clock before 1970 makes tokens that no issuer would: what comes of them is not asked here.
    const waiting = verdict(enforcer, fresh(act === "unknown" ? third : first));
    if (random() < 0.3) clock.now = right + pick(JUMPS);
    await waiting;
    if (random() < 0.7) await settled();
  }
  await settled();
}

function jumpWhileFetching({ network, clock }: ChangingKeysForEachTest, to: number): void {
  const keys = network.answers.get(JWKS_URL);
  network.answers.set(JWKS_URL, (init) => {
    clock.now = to;
    return keys?.(init) ?? new Response(null, { status: 500 });
  });
}
