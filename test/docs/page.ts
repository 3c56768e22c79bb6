// A page of the docs as data: its examples, its tables and what it shows, in their order.
import { readFileSync } from "node:fs";
import { root } from "../structure/sources.js";

/** What stands between fences, by its language. */
export interface Code {
  readonly kind: "code";
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

export interface Table {
  readonly kind: "table";
  readonly section: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Block = Code | Table;

export function blocksOf(page: string): readonly Block[] {
  const [, ...sections] = readFileSync(`${root}${page}`, "utf8").split(/^(?=## )/m);
  return sections.flatMap((text) => {
    const section = /^## (.*)/.exec(text)?.[1] ?? "";
    return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$|^(?:\|.*\|\n)+/gm)].map(([whole, language, code = ""]) =>
      language === undefined ? tableOf(section, whole) : ({ kind: "code", section, language, text: code } as const),
    );
  });
}

function tableOf(section: string, text: string): Table {
  const [head = [], , ...rows] = text.trim().split("\n").map(cellsOf);
  return { kind: "table", section, head, rows };
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** What a cell has between backticks. */
export const quotedIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
