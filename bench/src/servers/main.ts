// npm run bench:servers: what a request costs real servers over loopback; prints the tables, writes out/servers.json.
// CPU time is what the server's process says it used, user and system, before and after a window of requests; latency is the
// client's, over 8 connections that each wait for their answer. Every contender is a process of its own, so that none pays
// for another's garbage or compiled code; they take turns, so that what slows the machine slows all; and they are started
// anew several times, for two processes of one program differ as well.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.js";
import { FRAMEWORKS } from "./frameworks/index.js";
import { measureFramework } from "./measure.js";
import type { Plan } from "./measure.js";
import { separateProcessors } from "./processors.js";
import { asMarkdown } from "./markdown.js";
import { summarise } from "./summary.js";
import type { Summary } from "./summary.js";
import { seededRandom } from "./statistics.js";
import { makeTables } from "./tables.js";
import { mintTokens } from "./tokens.js";
import { createWorkloads } from "./workloads.js";

const OUT = new URL("../../out/", import.meta.url);
const DISTINCT = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workload: { type: "string", multiple: true, default: ["one", "distinct", "hostile"] },
    lives: { type: "string", default: "3" },
    rounds: { type: "string", default: "8" },
    window: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    profile: { type: "boolean", default: false },
  },
});
const asked = positionals.length > 0 ? positionals : Object.keys(FRAMEWORKS);
const unknown = asked.filter((name) => !Object.hasOwn(FRAMEWORKS, name));
if (unknown.length > 0)
  throw new Error(`unknown: ${unknown.join(", ")}; there are ${Object.keys(FRAMEWORKS).join(", ")}`);

const onlyOne = values.workload.every((name) => name === "one");
const tokens = await mintTokens(onlyOne ? { good: 10, bad: 10 } : { good: DISTINCT, bad: 1500 });
const workloads = createWorkloads(tokens).filter(({ name }) => values.workload.includes(name));
if (workloads.length === 0) throw new Error(`unknown workload: ${values.workload.join(", ")}`);
const plan: Plan = {
  lives: Number(values.lives),
  rounds: Number(values.rounds),
  window: Number(values.window),
  connections: 8,
  prefix: separateProcessors(),
  flags: values.profile ? ["--cpu-prof", `--cpu-prof-dir=${new URL("profiles/", OUT).pathname}`] : [],
  random: seededRandom(Number(values.seed)),
};
console.error(`seed ${values.seed}; servers ${plan.prefix.length > 0 ? "on a processor of their own" : "not pinned"}`);

const summaries: Summary[] = [];
for (const name of asked) {
  const framework = FRAMEWORKS[name];
  if (framework === undefined) continue;
  console.error(`measuring: ${framework.title}`);
  const contenders = await framework.load();
  const measured = await measureFramework({ framework: name, contenders }, { tokens, workloads }, plan);
  summaries.push(summarise({ framework: name, title: framework.title }, measured, plan.random));
}

const tables = makeTables(summaries, workloads);
console.log(asMarkdown(tables));
const { lives, rounds, window, connections } = plan;
const details = { seed: Number(values.seed), lives, rounds, window, connections, frameworks: summaries };
mkdirSync(OUT, { recursive: true });
writeFileSync(
  new URL("servers.json", OUT),
  `${JSON.stringify({ machine: describeMachine(), tables, details }, undefined, 2)}\n`,
);
