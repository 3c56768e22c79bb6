// npm run bench: measures, each benchmark in a process of its own; --write also renews docs/performance.md.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BENCHMARKS, benchmarkOf } from "./benchmarks/all.js";
import { writePage } from "./report/page.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The page from what is measured now and from what lies in out/. */
    write: { type: "boolean", default: false },
    /** The page alone, from what lies in out/. */
    "write-only": { type: "boolean", default: false },
  },
});

/** What measures on its own, and writes its own JSON. */
const PROGRAMS = ["servers"];

const chosen = positionals.length > 0 ? positionals : BENCHMARKS.map(({ name }) => name);
for (const name of chosen) if (!PROGRAMS.includes(name)) benchmarkOf(name); // a wrong name is said before anything runs
if (!values["write-only"]) for (const name of chosen) measureApart(name);
if (values.write || values["write-only"]) writePage();

/** What one benchmark taught the compiler, and left in memory, is not there when the next one runs. */
function measureApart(name: string): void {
  console.error(`measuring: ${name}`);
  const [program, ...rest] = PROGRAMS.includes(name) ? [`${name}/main.js`] : ["measure.js", name];
  const file = fileURLToPath(new URL(program, import.meta.url));
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: "inherit" });
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}`);
}
