// One of many processes on one key directory: writes and reads until it is killed, and says each write that is done.
import { setTimeout as pause } from "node:timers/promises";
import { directoryKeyStore } from "@scitokens/core/node";

const [folder, name, names] = process.argv.slice(2);
const store = directoryKeyStore(folder);
const shared = names.split(",");
let last = 0;
const padding = "x".repeat(3000);

/** What lies under a name is whole: it ends as it begins. */
function sequenceOf(text) {
  const { begins, ends } = JSON.parse(text);
  if (begins !== ends) throw new Error("torn");
  return begins;
}

async function write(key) {
  const sequence = ++last;
  await store.set(key, JSON.stringify({ begins: sequence, padding, ends: sequence }));
  return sequence;
}

async function read(key, mustBeThere) {
  try {
    const text = await store.get(key);
    if (text === undefined) return mustBeThere ? "lost" : "none";
    sequenceOf(text);
    return "read";
  } catch {
    return "torn";
  }
}

const written = new Set();
for (;;) {
  const own = await write(name);
  const key = shared[Math.floor(Math.random() * shared.length)];
  await write(key);
  written.add(key);
  const seen = [await read(name, true), await read(key, true)];
  for (const other of shared) seen.push(await read(other, written.has(other)));
  process.stdout.write(`${JSON.stringify({ own, seen })}\n`);
  await pause(Math.random() * 20);
}
