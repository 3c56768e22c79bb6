// Clears away what killed processes left half written. Rule I13.
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { UNFINISHED } from "./write-whole.js";

/** Seconds: no write takes so long, however slow the disk. */
const ABANDONED = 3600;
const SWEEP_EVERY = 3600;

/** Makes the sweep of a folder: it does its work at the first call, and then once an hour. It never rejects. */
export function createSweep(folder: string): () => Promise<void> {
  let sweptAt = -Infinity;
  return async () => {
    const now = Date.now() / 1000;
    if (now - sweptAt < SWEEP_EVERY && now >= sweptAt) return;
    sweptAt = now;
    try {
      for (const name of await readdir(folder)) {
        if (UNFINISHED.test(name)) await removeAbandoned(join(folder, name), now);
      }
    } catch {
      // What cannot be cleared away does no harm.
    }
  };
}

async function removeAbandoned(path: string, now: number): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (now - mtimeMs / 1000 > ABANDONED) await unlink(path);
}
