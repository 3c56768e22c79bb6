// npm run fuzz: coverage-guided fuzzing of what reads the outside, by a loop of our own on V8's coverage (scripts/fuzz).
//   npm run fuzz                                     every target, a minute each
//   npm run fuzz -- decode paths --seconds 600 --seed 7
//   npm run fuzz -- --replay out/fuzz/decode-1a2b3c4d.txt
// A fault is written to out/fuzz with its input, and ends with status 1.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { root } from "./pnpm.mjs";

const TARGETS = `${root}test/robustness/fuzz-targets`;
const OUT = `${root}out/fuzz`;
const HANGS_AFTER = 20; // seconds for one input

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, seed: { type: "string" }, replay: { type: "string" } },
});
const known = readdirSync(TARGETS).map((name) => basename(name, ".ts"));
const modules = await bundle();
if (values.replay !== undefined) await replay(values.replay);
else
  for (const name of positionals.length > 0 ? positionals : known.filter((one) => one !== "planted")) await fuzz(name);

/** Sources as they stand, one module for each, so that what ran is seen by file. */
async function bundle() {
  const { build } = await import("vite");
  const { sources } = await import("./fuzz/sources.mjs");
  rmSync(`${OUT}/modules`, { recursive: true, force: true });
  await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { alias: sources },
    build: {
      ssr: true,
      target: "es2023",
      minify: false,
      outDir: `${OUT}/modules`,
      emptyOutDir: true,
      rollupOptions: {
        input: known.map((name) => `${TARGETS}/${name}.ts`),
        external: [/^node:/, "jose"],
        output: { format: "es", preserveModules: true, preserveModulesRoot: root, entryFileNames: "[name].mjs" },
      },
    },
  });
  return (name) => {
    if (!known.includes(name)) throw new Error(`unknown target '${name}'; known are ${known.join(", ")}`);
    return pathToFileURL(`${OUT}/modules/test/robustness/fuzz-targets/${name}.mjs`).href;
  };
}

async function fuzz(name) {
  const [seconds, seed] = [Number(values.seconds ?? 60), Number(values.seed ?? 1)];
  const running = new SharedArrayBuffer(8 + 4096);
  const worker = new Worker(new URL("fuzz/loop.mjs", import.meta.url), {
    workerData: { module: modules(name), seconds, seed, running },
  });
  await new Promise((resolve) => {
    const counter = new Int32Array(running);
    let last = { count: -1, at: performance.now() };
    const watch = setInterval(() => {
      const count = Atomics.load(counter, 0);
      if (count !== last.count) last = { count, at: performance.now() };
      else if (performance.now() - last.at > HANGS_AFTER * 1000) {
        fault(name, `no end after ${HANGS_AFTER} s`, new Uint8Array(running, 8, counter[1]));
        void worker.terminate();
      }
    }, 500);
    worker.on("message", ({ report, ended, fault: found, input }) => {
      if (found !== undefined) fault(name, found, input);
      else console.log(`${name}${ended ? " (ended)" : ""}: ${inWords(report)}`);
    });
    worker.on("error", (error) => {
      process.exitCode = 1;
      console.error(`${name}: ${error.message}`);
    });
    worker.on("exit", () => {
      clearInterval(watch);
      resolve();
    });
  });
}

function fault(name, words, input) {
  const id = createHash("sha256").update(input).digest("hex").slice(0, 8);
  const file = `${OUT}/${name}-${id}.txt`;
  mkdirSync(OUT, { recursive: true });
  writeFileSync(file, input);
  process.exitCode = 1;
  console.error(`${name}: FAULT: ${words}\nreplay: npm run fuzz -- --replay out/fuzz/${name}-${id}.txt`);
}

async function replay(file) {
  const name = basename(file).replace(/-[^-]*$/, "");
  const { run } = await import(modules(name));
  await run(readFileSync(file));
  console.log(`${name}: nothing is wrong with this input`);
}

function inWords({ executions, perSecond, corpus, blocks, features, slowest }) {
  return `${executions} executions, ${perSecond}/s, corpus ${corpus}, blocks ${blocks}, features ${features}, slowest ${slowest} ms`;
}
