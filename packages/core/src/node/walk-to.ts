// The way to a place, folder by folder and link by link, as the system goes it: whoever can change a step of it can put something
// else at its end. Rules I13, I14.
import type { Stats } from "node:fs";
import { lstat, readlink, stat } from "node:fs/promises";
import { join, parse, sep } from "node:path";
import { codeOf } from "./code-of.js";

export interface Step {
  readonly path: string;
  /** Of a link these are its own. */
  readonly facts: Stats;
}

/** Where a way ends. */
export interface End {
  readonly path: string;
  /** Never those of a link; undefined: nothing is there. */
  readonly facts: Stats | undefined;
  /** The link that leads to where nothing is. */
  readonly dangling: string | undefined;
}

const MAX_LINKS = 40;

/**
 * Goes to an absolute path, and has each step checked before the next is taken: links, and what they lead through, too.
 * @throws {Error} what `check` throws; for what cannot be entered
 */
export async function walkTo(path: string, check: (step: Step) => void): Promise<End> {
  // Windows has no users and modes that a check could look at.
  if (process.geteuid === undefined) return { path, facts: await ifThere(stat(path)), dangling: undefined };
  const { root } = parse(path);
  const ahead = path.slice(root.length).split(sep);
  let at: Step = { path: root, facts: await lstat(root) };
  let links = 0;
  /** The link that is being followed, and how many names of the way lie behind its end. */
  let followed: { readonly path: string; readonly behind: number } | undefined;
  check(at);
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (followed !== undefined && ahead.length < followed.behind) followed = undefined;
    if (name === "") continue;
    const next = join(at.path, name);
    const facts = await ifThere(lstat(next));
    if (facts === undefined) return { path: join(next, ...ahead), facts, dangling: followed?.path };
    check({ path: next, facts });
    if (!facts.isSymbolicLink()) {
      at = { path: next, facts };
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(`${path}: too many links`);
    const target = await readlink(next);
    followed ??= { path: next, behind: ahead.length };
    if (target.startsWith(root)) at = { path: root, facts: await lstat(root) };
    ahead.unshift(...target.split(sep));
  }
  return { ...at, dangling: undefined };
}

async function ifThere(asked: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
