// Where something is, or is to be; and from one place to another, in one step, or in two of which the first can be undone.
import { link, mkdir, rename, rmdir, unlink } from "node:fs/promises";
import type { Directory } from "./directory.js";
import type { Entry } from "./entry.js";

/** A name in a directory, and what was found there. Good until the directory is closed. */
export interface Place {
  readonly parent: Directory;
  readonly name: string;
  readonly entry: Entry | undefined;
}

export async function placeIn(parent: Directory, name: string): Promise<Place> {
  return { parent, name, entry: await parent.entry(name) };
}

/** @param aside an unused path, where what is replaced goes */
export async function relocate(from: Place, to: Place, aside: string): Promise<void> {
  const [source, target] = [from.parent.at(from.name), to.parent.at(to.name)];
  const isFile = from.entry?.kind === "file";
  if (to.entry === undefined) return isFile ? createFile(source, target) : createDirectory(source, target);
  // Whoever reads sees the old file or the new one, and nothing between.
  if (isFile && to.entry.kind === "file") return rename(source, target);
  await rename(target, aside);
  await rename(source, target).catch((error: unknown) => undo(error, () => rename(aside, target)));
}

/** Exclusively: what has come to be there since, whoever made it, is not replaced (EEXIST). */
async function createFile(source: string, target: string): Promise<void> {
  await link(source, target);
  await unlink(source);
}

/** Exclusively too: mkdir() creates, and only an empty directory is replaced by rename(). */
async function createDirectory(source: string, target: string): Promise<void> {
  await mkdir(target);
  await rename(source, target).catch((error: unknown) => undo(error, () => rmdir(target)));
}

async function undo(error: unknown, step: () => Promise<void>): Promise<never> {
  await step();
  throw error;
}
