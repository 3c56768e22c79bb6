// All benchmarks, in the order of the page.
import type { Benchmark } from "./benchmark.js";
import { cold } from "./cold.js";
import { flight } from "./flight.js";
import { issuers } from "./issuers.js";
import { keys } from "./keys.js";
import { scopes } from "./scopes.js";
import { seen } from "./seen.js";
import { signature } from "./signature.js";

export const BENCHMARKS: readonly Benchmark[] = [cold, flight, seen, scopes, issuers, keys, signature];

/** @throws {TypeError} that names those there are */
export function benchmarkOf(name: string): Benchmark {
  const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  throw new TypeError(`no benchmark '${name}'; there are ${BENCHMARKS.map((benchmark) => benchmark.name).join(", ")}`);
}
