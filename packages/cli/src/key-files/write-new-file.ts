// Files that a command makes: whole or not at all, private ones readable by their owner alone, none overwritten unasked.
import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

export interface NewFile {
  readonly path: string;
  readonly text: string;
  /** 0600 whatever the umask, else as the umask has it. */
  readonly isPrivate: boolean;
  /** Whether a file that is there may be replaced. A symbolic link is replaced, and not followed. */
  readonly force: boolean;
}

/** @throws {Trouble} when there is such a file, or it cannot be written */
export async function writeNewFile({ path, text, isPrivate, force }: NewFile): Promise<void> {
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(temporary, "wx", isPrivate ? 0o600 : 0o666);
    try {
      if (isPrivate) await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link is refused where there is something already: looking first would leave a gap.
    await (force ? rename(temporary, path) : link(temporary, path));
  } catch (error) {
    throw new Trouble(`${printable(path)}: ${whyNot(error)}`);
  } finally {
    await rm(temporary, { force: true });
  }
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: "there is such a file already; --force replaces it",
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
