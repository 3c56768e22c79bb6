// npm run bench: measures, prints the tables, writes out/results.json; with --write also docs/performance.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BENCHMARKS, run } from "./benchmarks.js";
import type { Result } from "./benchmarks.js";
import { describeMachine } from "./machine.js";
import { replaceBlocks } from "./page.js";
import { blocks } from "./tables.js";

const OUT = new URL("../out/", import.meta.url);
const PAGE = new URL("../../docs/performance.md", import.meta.url);

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const machine = describeMachine();
const results: Result[] = [];
for (const benchmark of BENCHMARKS) {
  console.error(`measuring: ${benchmark.table}, ${benchmark.algorithm}`);
  results.push(await run(benchmark));
}

const made = blocks(results, machine);
for (const [name, content] of made) console.log(`\n${name}\n\n${content}`);
mkdirSync(OUT, { recursive: true });
writeFileSync(new URL("results.json", OUT), `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
if (values.write) writeFileSync(PAGE, replaceBlocks(readFileSync(PAGE, "utf8"), made));
