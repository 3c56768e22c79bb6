// The folders that this package itself adds. Node's own recursive mkdir never comes back below a folder such as /proc.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../files/name-file.js";

/** Makes a folder, for its owner alone, and at most so many in all: what it stands in, if that is missing, too. */
export async function makeFolders(folder: string, most: number): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || most <= 1) throw error;
    await makeFolders(dirname(folder), most - 1);
    await mkdir(folder, { mode: 0o700 }).catch((again: unknown) => {
      if (codeOf(again) !== "EEXIST") throw again; // another process was quicker
    });
  }
}
