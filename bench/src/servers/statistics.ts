// Medians, and how sure they are.

export function quantile(values: readonly number[] | Float64Array, q: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[] | Float64Array): number {
  return quantile(values, 0.5);
}

export type Interval = readonly [from: number, to: number];

export interface Estimate {
  readonly median: number;
  /** 95 of 100 times the true median lies within. */
  readonly interval: Interval;
}

/** Fewer values say nothing of how sure they are. */
const FEW = 5;

/**
 * The median of values that come in groups, each of one process: processes differ by how they were compiled and where
 * their memory lies, so that groups are drawn again first, and then values within them.
 */
export function estimate(groups: readonly (readonly number[])[], random: () => number): Estimate {
  if (groups.flat().length < FEW) return { median: median(groups.flat()), interval: [-Infinity, Infinity] };
  const medians = Array.from({ length: 1000 }, () =>
    median(draw(groups, random).flatMap((group) => draw(group, random))),
  );
  return { median: median(groups.flat()), interval: [quantile(medians, 0.025), quantile(medians, 0.975)] };
}

/** As many as there are, each as likely as any other, whether it was drawn before or not. */
function draw<T>(from: readonly T[], random: () => number): readonly T[] {
  return from.map((one) => from[Math.floor(random() * from.length)] ?? one);
}

/** The same order of chance for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
