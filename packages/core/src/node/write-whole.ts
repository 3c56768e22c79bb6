// A file that is there whole or not at all, whoever is killed meanwhile: written beside, then renamed. Rule I13.
import { randomBytes } from "node:crypto";
import { chmod, open, rename, stat, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "./code-of.js";
import { checkFolder, makeFolder } from "./own-folder.js";

/** The names of files that are being written. */
export const UNFINISHED: RegExp = /^\.[0-9a-f]{64}\.json\.\d+-[0-9a-f]{12}$/;

export interface FileText {
  readonly name: string;
  readonly text: string;
  /** Whether everybody may read it; else this user alone. */
  readonly readable: boolean;
}

/** @throws {Error} when the folder is not this user's alone, or cannot be written to */
export async function writeWhole(folder: string, { name, text, readable }: FileText): Promise<void> {
  // Looked at before, too: nothing is made in another's folder.
  if (!(await checkFolder(folder))) {
    await makeFolder(folder, readable ? 0o755 : 0o700);
    await checkFolder(folder);
  }
  if (readable) await openFolder(folder);
  const unfinished = join(folder, `.${name}.${process.pid}-${randomBytes(6).toString("hex")}`);
  const file = await open(unfinished, "wx", 0o600);
  try {
    await writeAndSync(file, { text, readable });
    await rename(unfinished, join(folder, name));
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** One that was made for this user alone is opened for readers. */
async function openFolder(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o055) !== 0o055) await chmod(folder, (mode & 0o7777) | 0o055);
}

async function writeAndSync(file: FileHandle, { text, readable }: Omit<FileText, "name">): Promise<void> {
  try {
    await file.writeFile(text);
    if (readable) await file.chmod(0o644); // whatever the umask
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
