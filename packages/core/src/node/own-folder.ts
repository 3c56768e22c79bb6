// Folders in which only this user can have written: whoever could add a key could sign tokens. Rule I13.
import type { Stats } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { codeOf } from "./code-of.js";
import { homeFolder } from "./default-folders.js";
import { walkTo } from "./walk-to.js";
import type { Step } from "./walk-to.js";

const STICKY = 0o1000;

/**
 * Whether a folder is there. It, all that it stands in and all links on the way must belong to this user or root, and nobody else
 * may write to them, as sshd has it: what it stands in may be sticky, as /tmp, and nothing is asked of what this user's home stands
 * in, since who owns that owns the home.
 * @throws {Error} when it is not so, or something else is there
 */
export async function checkFolder(folder: string): Promise<boolean> {
  const above = await aboveHome(folder);
  const { path, facts, dangling } = await walkTo(folder, (step) => {
    if (!above.has(step.path)) checkStep(step);
  });
  if (dangling !== undefined) throw new Error(`${dangling}: expected a folder; it is a link to what is not there`);
  if (facts === undefined) return false;
  if (!facts.isDirectory()) throw new Error(`${folder}: expected a folder`);
  checkOwner(path, facts);
  return true;
}

/**
 * Makes a folder, and what it stands in.
 * @param mode of what is made
 * @throws {Error} when that cannot be; Node's own recursive mkdir would try for ever below /proc
 */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder), mode);
    await mkdir(folder, { mode }).catch(unlessThere);
  }
  // The umask may have taken from it what was asked for.
  if ((mode & 0o077) !== 0) await chmod(folder, mode);
}

/** @throws {Error} when it is another user's, but root's, or others can write to it */
export function checkOwner(path: string, facts: Stats): void {
  checkUser({ path, facts });
  // Windows has no such modes, and no such users.
  if (process.geteuid !== undefined && (facts.mode & 0o022) !== 0) {
    const mode = (facts.mode & 0o777).toString(8);
    throw new Error(`others can write to it (mode ${mode}): chmod go-w ${path}`);
  }
}

/** @throws {Error} when it is another user's, but root's */
export function checkUser({ path, facts: { uid } }: Step): void {
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user && uid !== 0) throw new Error(`${path}: it belongs to another user (${uid})`);
}

function checkStep(step: Step): void {
  const { path, facts } = step;
  if (facts.isSymbolicLink() || (facts.mode & STICKY) !== 0) checkUser(step);
  else checkOwner(path, facts);
}

/** Of a folder in the home: what the home stands in, as it is named and as it is. */
async function aboveHome(folder: string): Promise<ReadonlySet<string>> {
  const named = homeFolder(process.env);
  const home = named === undefined ? undefined : resolve(named);
  if (home === undefined || !folder.startsWith(home + sep)) return new Set();
  const steps = new Set<string>();
  const { path, facts } = await walkTo(home, (step) => steps.add(step.path));
  steps.delete(path);
  return facts === undefined ? new Set() : steps;
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}
