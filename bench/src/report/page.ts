// docs/performance.md: the generated blocks between their markers are replaced, the words around them kept.
import { readFileSync, writeFileSync } from "node:fs";
import { aboutMachine, markdown } from "./markdown.js";
import { readResults } from "./results.js";
import type { Results } from "./table.js";

const PAGE = new URL("../../../docs/performance.md", import.meta.url);
const END = "<!-- /bench -->";

export function writePage(): void {
  writeFileSync(PAGE, replaceBlocks(readFileSync(PAGE, "utf8"), blocksOf(readResults())));
}

/** The contents of the blocks, by name: every table, and the machine as the latest results name it. */
export function blocksOf(results: ReadonlyMap<string, Results>): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  for (const { machine, tables } of results.values()) {
    blocks.set("machine", aboutMachine(machine));
    for (const table of tables) blocks.set(table.name, markdown(table));
  }
  return blocks;
}

/** Renews the blocks that the page has and somebody measured; the others stay as they are. */
export function replaceBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replaceAll(/<!-- bench: (\S+) -->\n[\s\S]*?<!-- \/bench -->/g, (whole, name: string) => {
    const content = blocks.get(name);
    return content === undefined ? whole : `<!-- bench: ${name} -->\n${content}\n${END}`;
  });
}
