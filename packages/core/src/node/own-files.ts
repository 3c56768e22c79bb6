// Files that only this user can have written: whoever could add a key could sign tokens. Rule I13.
import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { lstat, open, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

/** Not through a symbolic link, and not waiting for whoever holds the other end of a pipe. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a file in a folder; undefined where either is not there.
 * @throws {Error} when it is not this user's alone, not a file, or too long
 */
export async function readOwnFile(folder: string, name: string, maxBytes: number): Promise<string | undefined> {
  try {
    await checkFolder(folder);
    const file = await open(join(folder, name), READ);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new Error(`${join(folder, name)}: expected a file`);
      checkOwner(join(folder, name), facts);
      if (facts.size > maxBytes) throw new Error(`${join(folder, name)}: expected at most ${maxBytes} bytes`);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether there was one to remove. */
export async function removeFile(folder: string, name: string): Promise<boolean> {
  try {
    await unlink(join(folder, name));
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/**
 * A link to a folder may stand for it, where this user made it: in /tmp others make links, too.
 * @throws {Error} when it is not this user's alone, or not there (ENOENT)
 */
export async function checkFolder(folder: string): Promise<void> {
  const itself = await lstat(folder);
  if (itself.isSymbolicLink()) checkUser(folder, itself);
  const facts = itself.isSymbolicLink() ? await stat(folder) : itself;
  if (!facts.isDirectory()) throw new Error(`${folder}: expected a folder`);
  checkOwner(folder, facts);
}

function checkOwner(path: string, facts: Stats): void {
  checkUser(path, facts);
  // Windows has no such modes, and no such users.
  if (process.geteuid !== undefined && (facts.mode & 0o022) !== 0) {
    throw new Error(
      `${path}: others can write to it (mode ${(facts.mode & 0o777).toString(8)}); chmod go-w makes it safe`,
    );
  }
}

function checkUser(path: string, { uid }: Stats): void {
  const user = process.geteuid?.();
  if (user !== undefined && uid !== user && uid !== 0) throw new Error(`${path}: it belongs to another user (${uid})`);
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
