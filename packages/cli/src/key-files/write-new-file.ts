// Files that a command makes: whole or not at all, private ones readable by their owner alone, none overwritten unasked.
import { randomUUID } from "node:crypto";
import { link, lstat, open, rename, rm } from "node:fs/promises";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** 0600 whatever the umask, else as the umask has it. */
  readonly isPrivate: boolean;
}

/** @param force whether a file that is there may be replaced. A symbolic link is replaced, and not followed. */
export async function writeNewFile(file: NewFile, force: boolean): Promise<void> {
  await writeNewFiles([file], force);
}

/**
 * Writes all or none, as far as disks allow: looked at first, then written beside their places, then put there in order.
 * @throws {Trouble} when there is such a file, what is there is none, or it cannot be written
 */
export async function writeNewFiles(files: readonly NewFile[], force: boolean): Promise<void> {
  for (const { path } of files) await naming(path, checkPlace(path, force));
  const written: { readonly path: string; readonly temporary: string }[] = [];
  const placed: string[] = [];
  try {
    for (const file of files) {
      const temporary = `${file.path}.${randomUUID()}.new`;
      written.push({ path: file.path, temporary });
      await naming(file.path, writeWhole(temporary, file));
    }
    for (const { path, temporary } of written) {
      // A link is refused where there is something by now: looking leaves a gap.
      await naming(path, force ? rename(temporary, path) : link(temporary, path));
      placed.push(path);
    }
  } catch (error) {
    // What has been replaced is gone; what is new is taken back.
    if (!force) for (const path of placed) await rm(path, { force: true });
    throw error;
  } finally {
    for (const { temporary } of written) await rm(temporary, { force: true });
  }
}

/** A device, a FIFO or a socket is for others to use, and as root one could replace it. */
async function checkPlace(path: string, force: boolean): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (there === undefined) return;
  if (there.isDirectory()) throw coded("EISDIR");
  if (!there.isFile() && !there.isSymbolicLink()) throw coded("ENXIO");
  if (!force) throw coded("EEXIST");
}

async function writeWhole(path: string, { text, isPrivate }: NewFile): Promise<void> {
  const file = await open(path, "wx", isPrivate ? 0o600 : 0o666);
  try {
    if (isPrivate) await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function naming(path: string, task: Promise<void>): Promise<void> {
  try {
    await task;
  } catch (error) {
    throw new Trouble(`${printable(path)}: ${whyNot(error)}`);
  }
}

const coded = (code: string): Error => Object.assign(new Error(code), { code });

const WHY: Readonly<Record<string, string>> = {
  EEXIST: "there is such a file already; --force replaces it",
  ENXIO: "this is no regular file: it is not replaced",
  ENOENT: "the folder does not exist",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "you may not write there",
  EISDIR: "this is a directory",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a directory",
};

function whyNot(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  return WHY[code] ?? `it cannot be written (${code})`;
}
