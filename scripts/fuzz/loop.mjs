// One target's loop, on a thread of its own: mutate, run, keep what reached something new. A fault ends it.
import { parentPort, workerData } from "node:worker_threads";
import { startCoverage } from "./coverage.mjs";
import { createMutator, createRandom } from "./mutate.mjs";

const { module, seconds, seed, running } = workerData;
const target = await import(module);
const take = startCoverage((url) => target.covers?.some((part) => url.includes(part)) ?? url.includes("/core/src/"));

const random = createRandom(seed);
const corpus = [];
const seen = new Set(); // features of single executions
const seenTogether = new Set(); // and of batches: their blocks add up
const blocks = new Set();
const mutate = createMutator(random, target.words, corpus);
const began = performance.now();
let [executions, slowest] = [0, 0];

/** The input is written where the watching thread sees it: one that never ends can then be named. */
async function execute(input) {
  const shared = new Uint8Array(running, 8);
  new Int32Array(running)[1] = input.length;
  shared.set(input);
  Atomics.add(new Int32Array(running), 0, 1);
  const start = performance.now();
  try {
    await target.run(input);
  } catch (error) {
    tell({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error), input });
    throw error;
  }
  executions++;
  slowest = Math.max(slowest, performance.now() - start);
}

function tell(message) {
  parentPort.postMessage(message, []);
}

const isNew = (features, known) => features.filter((feature) => !known.has(feature)).length > 0;

/** What one input alone reaches. */
async function reach(input) {
  await execute(input);
  return take();
}

/** Keeps the input if it alone does what none did before; cut down to what that needs: a short one is sooner changed where it matters. */
async function keepIfNew(input, isSeed = false) {
  const { features, blocks: ran } = await reach(input);
  for (const block of ran) blocks.add(block);
  if (!isSeed && !isNew(features, seen)) return;
  for (const feature of features) seen.add(feature);
  corpus.push({ input: isSeed ? input : await shortened(input, features) });
}

async function shortened(input, features) {
  let short = input;
  for (let length = short.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at < short.length;) {
      const shorter = Buffer.concat([short.subarray(0, at), short.subarray(at + length)]);
      const reached = await reach(shorter);
      if (reached.features.length === features.length && reached.features.every((one, i) => one === features[i]))
        short = shorter;
      else at += length;
    }
  }
  return short;
}

take();
for (const text of target.seeds) await keepIfNew(Buffer.from(text, "latin1"), true);
if (corpus.length === 0) corpus.push({ input: Buffer.alloc(0) });

let reported = began;
while (performance.now() - began < seconds * 1000) {
  // Half of the time one of the youngest: what was just reached leads further.
  const pick = () =>
    corpus[random(2) === 0 ? random(corpus.length) : corpus.length - 1 - random(Math.min(4, corpus.length))].input;
  const batch = Array.from({ length: 1 + random(64) }, () => mutate(pick())); // asking V8 costs more than most inputs
  for (const input of batch) await execute(input);
  const together = take().features;
  if (isNew(together, batch.length === 1 ? seen : seenTogether)) {
    for (const feature of together) seenTogether.add(feature);
    for (const input of batch) await keepIfNew(input);
  }
  if (performance.now() - reported < 10_000) continue;
  reported = performance.now();
  tell({ report: report() });
}
tell({ report: report(), ended: true });

function report() {
  const elapsed = (performance.now() - began) / 1000;
  return {
    executions,
    perSecond: Math.round(executions / elapsed),
    corpus: corpus.length,
    blocks: blocks.size,
    features: seen.size,
    slowest: Math.round(slowest),
  };
}
