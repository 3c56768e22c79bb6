// All benchmarks, in the order of the page.
import type { Benchmark } from "./benchmark.js";
import { cold } from "./cold.js";
import { flight } from "./flight.js";
import { issuers } from "./issuers.js";
import { keys } from "./keys.js";
import { memory } from "./memory.js";
import { scopes } from "./scopes.js";
import { seen } from "./seen.js";
import { signature } from "./signature.js";

/** What runs when none is named: some minutes together. */
export const BENCHMARKS: readonly Benchmark[] = [cold, flight, seen, scopes, issuers, keys, signature];

/** What is only run by name, since it takes long and much memory. */
const BY_NAME: readonly Benchmark[] = [memory];

/** @throws {TypeError} that names those there are */
export function benchmarkOf(name: string): Benchmark {
  const all = [...BENCHMARKS, ...BY_NAME];
  const found = all.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  throw new TypeError(`no benchmark '${name}'; there are ${all.map((benchmark) => benchmark.name).join(", ")}`);
}
