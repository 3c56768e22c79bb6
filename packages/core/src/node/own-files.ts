// Files that only this user can have written. Rule I13.
import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "./code-of.js";
import { checkFolder, checkOwner } from "./own-folder.js";

/** Not through a symbolic link, and not waiting for whoever holds the other end of a pipe. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a file in a folder; undefined where either is not there.
 * @throws {Error} when it is not this user's alone, not a file, or too long
 */
export async function readOwnFile(folder: string, name: string, maxBytes: number): Promise<string | undefined> {
  if (!(await checkFolder(folder))) return undefined;
  const path = join(folder, name);
  try {
    const file = await open(path, READ);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) throw new Error(`${path}: expected a file`);
      checkOwner(path, facts);
      if (facts.size > maxBytes) throw new Error(`${path}: expected at most ${maxBytes} bytes`);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP") throw new Error(`${path}: expected a file, not a link`, { cause: error });
    throw error;
  }
}

/**
 * Whether there was one to remove.
 * @throws {Error} when the folder is not this user's alone
 */
export async function removeFile(folder: string, name: string): Promise<boolean> {
  if (!(await checkFolder(folder))) return false;
  try {
    await unlink(join(folder, name));
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
