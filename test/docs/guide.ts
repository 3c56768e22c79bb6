// What a guide of the docs needs to be tried, and what came while it was.
import type { SciTokenEvent } from "@scitokens/core";
import type { Load, Names } from "../support/docs-example.js";
import type { RawResponse } from "../support/raw-request.js";
import type { Network } from "../support/scripted-issuer.js";
import type { Minter } from "./tokens.js";

export interface Guide {
  /** As `docs/storage.md`. */
  readonly page: string;
  readonly network: Network;
  /** Whose tokens its tables speak of; the first is meant where a cell names none. */
  readonly minters: Readonly<Record<string, Minter>>;
  /** What its examples take for granted, and get. */
  readonly given?: Names;
  readonly load?: Load;
  /** Puts places of the test's own for those of a real machine. */
  readonly rewrite?: (code: string) => string;
  /** More header lines of a request, by its row's other cells. */
  readonly lines?: (cells: Row) => readonly string[];
}

/** Cells by the heads of their columns. */
export type Row = Readonly<Record<string, string>>;

export interface Heard {
  readonly events: SciTokenEvent[];
  readonly answers: RawResponse[];
  /** Lines of `console.log()`, in the examples and while requests were served. */
  readonly printed: string[];
  /** Of all examples so far. */
  names: Names;
}
