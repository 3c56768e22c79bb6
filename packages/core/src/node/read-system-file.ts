// A file of the WLCG system cache, as far as it can be trusted: its keeper may be another user, but not everybody. Rule I14.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codeOf } from "./code-of.js";
import { checkUser } from "./own-folder.js";
import { walkTo } from "./walk-to.js";
import type { Step } from "./walk-to.js";

export interface SystemFile {
  readonly text: string;
  /** Seconds since the epoch. */
  readonly writtenAt: number;
}

const MAX_BYTES = 16_777_216;
/** Not waiting for whoever holds the other end of a pipe. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Undefined where there is none.
 * @throws {Error} when everybody can write to it or put another in its place; when it is not a file, or too long
 */
export async function readSystemFile(path: string): Promise<SystemFile | undefined> {
  try {
    const file = await open(path, READ);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new Error(`${path}: expected a file`);
      if (isForAll(facts)) throw new Error(`everybody can write to it: chmod o-w ${path}`);
      if (facts.size > MAX_BYTES) throw new Error(`${path}: expected at most ${MAX_BYTES} bytes`);
      await checkWay(resolve(path));
      return { text: await file.readFile("utf8"), writtenAt: facts.mtimeMs / 1000 };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** What lies where everybody can put something, sticky or not, must be this user's or root's: folders, links and the file. */
async function checkWay(path: string): Promise<void> {
  const forAll = new Set<string>();
  await walkTo(path, (step) => {
    if (forAll.has(dirname(step.path))) checkUser(step);
    if (step.facts.isDirectory() && isForAll(step.facts)) forAll.add(step.path);
  });
}

function isForAll({ mode }: Step["facts"]): boolean {
  return process.geteuid !== undefined && (mode & 0o002) !== 0;
}
