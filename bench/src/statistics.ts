// Of many rounds one figure: medians, quartiles, and ratios of what ran in the same round.
import type { Measured } from "./rounds.js";

export interface Summary {
  readonly name: string;
  readonly median: number;
  /** The middle half of the rounds, from and to. */
  readonly quartiles: readonly [number, number];
}

export function summarise({ name, times }: Measured): Summary {
  return { name, median: quantile(times, 0.5), quartiles: [quantile(times, 0.25), quantile(times, 0.75)] };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? Number.NaN;
}

/** The median of the rounds' ratios: what slows a whole round down, as another program does, slows both. */
export function ratio(measured: Measured, baseline: Measured): number {
  return median(measured.times.map((time, round) => time / (baseline.times[round] ?? Number.NaN)));
}

/** @throws {Error} when nobody of that name took part */
export function find<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no figures for ${name}`);
  return found;
}
