// How often a property is tried, and from which seed: the same every time, unless SCITOKENS_SEED and SCITOKENS_RUNS say
// otherwise (more runs, not fewer: some properties also ask whether each kind of verdict came up). A failure prints the
// seed and the smallest input that fails.
import * as fc from "fast-check";

const SEED = numberOf("SCITOKENS_SEED") ?? 20_260_705;
const RUNS = numberOf("SCITOKENS_RUNS") ?? 150;

/** Tries a property RUNS times; `share` of that for a dear one, or a cheap one. */
export function holds(property: fc.IRawProperty<unknown, false>, share?: number): void;
export function holds(property: fc.IRawProperty<unknown, true>, share?: number): Promise<void>;
export function holds(property: fc.IRawProperty<unknown>, share = 1): void | Promise<void> {
  return fc.assert(property, { seed: SEED, numRuns: Math.max(1, Math.round(RUNS * share)) });
}

function numberOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new TypeError(`${name}: expected a whole number`);
}
