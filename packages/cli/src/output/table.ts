// Rows of words: columns with a headline on a terminal, one line a row with tabs between for programs.
import { stripVTControlCharacters } from "node:util";
import type { Io } from "../io.js";
import { paint } from "./print.js";

export interface Table {
  readonly head: readonly string[];
  /** Cells must be printable already. */
  readonly rows: readonly (readonly string[])[];
}

/** The text of a table for where stdout goes. */
export function layOut(io: Io, { head, rows }: Table): string {
  if (io.stdout.isTTY !== true) return rows.map((row) => `${row.join("\t")}\n`).join("");
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => width(row[i] ?? ""))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cell : cell + " ".repeat((widths[i] ?? 0) - width(cell))))
      .join("  ");
  return [paint(io, "bold", line(head)), ...rows.map(line), ""].join("\n");
}

/** Pairs of a name and what it stands for, the second ones in one column. */
export function layOutPairs(pairs: readonly (readonly [string, string])[], indent = ""): string {
  const longest = Math.max(0, ...pairs.map(([name]) => width(name)));
  return pairs.map(([name, value]) => `${indent}${name}${" ".repeat(longest - width(name))}  ${value}\n`).join("");
}

/** Of colours nothing is seen. */
function width(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
