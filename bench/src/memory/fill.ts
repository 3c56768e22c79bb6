// One size of a token cache, in a process of its own with --expose-gc: node dist/memory/fill.js ALGORITHM COUNT. Prints JSON.
import { setImmediate, setTimeout } from "node:timers/promises";
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { countVerifications } from "../count-verifications.js";
import { quantile } from "../statistics.js";
import { AUDIENCE, ISSUER } from "../tokens.js";
import type { Algorithm } from "../tokens.js";
import { mintMany } from "./many-tokens.js";
import type { ManyTokens } from "./many-tokens.js";
import { watchPauses } from "./pauses.js";
import type { Pauses } from "./pauses.js";

export interface Filled {
  readonly algorithm: Algorithm;
  readonly tokens: number;
  readonly characters: number;
  readonly bytesPerToken: number;
  readonly fillPauses: Pauses;
  /** Milliseconds of the longest call of `verify` while the cache filled, whatever made it wait. */
  readonly longestFill: number;
  /** Microseconds of verify and test of a token that is in the cache: the median and the middle half. */
  readonly lookup: number;
  readonly lookupQuartiles: readonly [number, number];
  readonly servePauses: Pauses;
  readonly longestServe: number;
}

/** Batches of look-ups, and the new tokens that come between two of them. */
const SERVE = { batches: 10_000, lookups: 50, fresh: 2 };

/** Bytes between two looks at the memory that are as good as none. */
const SETTLED = 20_000;

const [name, tokens] = process.argv.slice(2);
if (name !== "RS256" && name !== "ES256") throw new TypeError("expected RS256 or ES256");
console.log(JSON.stringify(await fill(name, Number(tokens))));

async function fill(algorithm: Algorithm, size: number): Promise<Filled> {
  const fresh = Math.min(SERVE.batches * SERVE.fresh, size);
  const many = await mintMany(algorithm, size + fresh);
  await fillCache(enforcerFor(many, 1000), many, [0, Math.min(size, 1000)]); // compiled, and of no account
  const pauses = watchPauses();
  const before = await bytesInUse();

  const enforcer = enforcerFor(many, 2 * (size + fresh)); // half of it is what a cache surely keeps
  await pauses.take();
  const longestFill = await fillCache(enforcer, many, [0, size]);
  const fillPauses = await pauses.take();
  const bytesPerToken = ((await bytesInUse()) - before) / size;

  await setImmediate();
  await pauses.take();
  const { times, longest } = await serve(enforcer, many, size, fresh);
  return {
    algorithm,
    tokens: size,
    characters: many.characters,
    bytesPerToken,
    fillPauses,
    longestFill,
    lookup: quantile(times, 0.5),
    lookupQuartiles: [quantile(times, 0.25), quantile(times, 0.75)],
    servePauses: await pauses.take(),
    longestServe: longest,
  };
}

function enforcerFor({ publicJwk }: ManyTokens, tokenCache: number): Enforcer {
  const keys = [{ ...publicJwk }];
  return createEnforcer({ issuer: { issuer: ISSUER, jwks: { keys } }, audience: AUDIENCE, tokenCache });
}

/** @returns milliseconds of the longest call */
async function fillCache(enforcer: Enforcer, many: ManyTokens, [from, to]: readonly [number, number]): Promise<number> {
  let longest = 0;
  for (let i = from; i < to; i++) {
    const start = performance.now();
    await enforcer.verify(many.raw(i));
    longest = Math.max(longest, performance.now() - start);
    if (i % 100 === 0) await setImmediate();
  }
  return longest;
}

/** Look-ups at random, new tokens between them, and a turn of the event loop after each batch. */
async function serve(
  enforcer: Enforcer,
  many: ManyTokens,
  size: number,
  fresh: number,
): Promise<{ readonly times: readonly number[]; readonly longest: number }> {
  const times: number[] = [];
  let longest = 0;
  const verified = countVerifications();
  for (let batch = 0; batch < SERVE.batches; batch++) {
    const raws = Array.from({ length: SERVE.lookups }, () => many.raw(Math.floor(Math.random() * size)));
    const start = performance.now();
    for (const raw of raws) enforcer.test(await enforcer.verify(raw), "read", "/store/x");
    const took = performance.now() - start;
    times.push((took * 1000) / raws.length);
    const first = size + batch * SERVE.fresh;
    const last = Math.min(first + SERVE.fresh, size + fresh);
    longest = Math.max(longest, await fillCache(enforcer, many, [first, last]));
    await setImmediate();
  }
  if (verified.count !== fresh)
    throw new Error(`expected ${fresh} new tokens and no other miss, saw ${verified.count}`);
  return { times, longest };
}

/** Of the heap and outside of it, once nothing more is let go: compilers on other threads hold things for a while. */
async function bytesInUse(): Promise<number> {
  if (gc === undefined) throw new Error("expected node --expose-gc");
  for (let last = Infinity; ;) {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    if (Math.abs(last - heapUsed - external) < SETTLED) return heapUsed + external;
    last = heapUsed + external;
    await setTimeout(200);
  }
}
