// docs/performance.md: the generated blocks between their markers are replaced, the words around them kept; and its charts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { drawChart } from "./chart.js";
import type { Chart } from "./chart.js";
import { chartsOf } from "./charts.js";
import { aboutMachine, markdown } from "./markdown.js";
import { readResults } from "./results.js";
import type { Results } from "./table.js";

const PAGE = new URL("../../../docs/performance.md", import.meta.url);
const CHARTS = new URL("../../../docs/performance/", import.meta.url);

/** From what lies in out/. */
export function writePage(): void {
  const results = readResults();
  const charts = chartsOf([...results.values()].flatMap(({ tables }) => tables));
  mkdirSync(CHARTS, { recursive: true });
  for (const [name, chart] of charts) writeFileSync(new URL(`${name}.svg`, CHARTS), drawChart(chart));
  const blocks = new Map([...tableBlocks(results), ...chartBlocks(charts)]);
  writeFileSync(PAGE, replaceBlocks(readFileSync(PAGE, "utf8"), blocks));
}

/** The contents of the blocks, by name: every table, and the machine. */
export function tableBlocks(results: ReadonlyMap<string, Results>): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  for (const { machine, tables } of results.values()) {
    blocks.set("machine", aboutMachine(machine));
    for (const table of tables) blocks.set(table.name, markdown(table));
  }
  return blocks;
}

/** An image where there is one: the page links to no chart that was never drawn. */
function chartBlocks(charts: ReadonlyMap<string, Chart>): readonly (readonly [string, string])[] {
  return [...charts].map(([name, { title, subtitle }]) => [
    `chart-${name}`,
    `![Bars. ${title}: ${subtitle}](performance/${name}.svg)`,
  ]);
}

/** Renews the blocks that the page has and somebody measured; the others stay as they are. */
export function replaceBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  return page.replaceAll(/<!-- bench: (\S+) -->\n[\s\S]*?<!-- \/bench -->/g, (whole, name: string) => {
    const content = blocks.get(name);
    return content === undefined ? whole : `<!-- bench: ${name} -->\n${content}\n<!-- /bench -->`;
  });
}
