// A file that is there whole or not at all, whoever is killed meanwhile: written beside, then renamed. Rule I13.
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { checkFolder, codeOf } from "./own-files.js";

/** The names of files that are being written. */
export const UNFINISHED: RegExp = /^\.[0-9a-f]{64}\.json\.\d+-[0-9a-f]{12}$/;

/** @throws {Error} when the folder is not this user's alone, or cannot be written to */
export async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await checkFolder(folder);
  const unfinished = join(folder, `.${name}.${process.pid}-${randomBytes(6).toString("hex")}`);
  const file = await open(unfinished, "wx", 0o600);
  try {
    await writeAndSync(file, text);
    await rename(unfinished, join(folder, name));
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

async function writeAndSync(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** So that the new name outlives a power failure, where the system can promise that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOTSUP"].includes(String(codeOf(error)))) throw error;
  }
}
