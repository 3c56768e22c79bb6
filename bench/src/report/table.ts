// The form of all results: tables of words and numbers, as they stand in the JSON and on the page.
import type { Machine } from "../machine.js";

export interface Table {
  /** Of its block on the page. */
  readonly name: string;
  /** What is measured, and in what. */
  readonly title: string;
  /** The first one names the rows, and may be empty. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A file of out/: what one command measured. */
export interface Results {
  readonly machine: Machine;
  readonly tables: readonly Table[];
  /** By table: medians and quartiles of each row, and whatever else is worth keeping. */
  readonly details?: Readonly<Record<string, unknown>>;
}
