// A benchmark: by its name it is run alone, in a process of its own.
import type { Table } from "../report/table.js";
import type { Measured } from "../rounds.js";
import { summarise } from "../statistics.js";
import type { Summary } from "../statistics.js";

export interface Benchmark {
  readonly name: string;
  run(): Promise<Outcome>;
}

export interface Outcome {
  readonly tables: readonly Table[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** What stands behind a table's medians. */
export function summaries(measured: readonly Measured[]): readonly Summary[] {
  return measured.map(summarise);
}
