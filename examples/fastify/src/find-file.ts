// From a path of the namespace to a file of this machine, which no symbolic link leads out of the directory.
import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

export interface File {
  readonly path: string;
  readonly size: number;
}

/** @param path absolute, without dot segments: what `requestPath()` returns */
export async function findFile(directory: string, path: string): Promise<File | undefined> {
  try {
    const [root, real] = await Promise.all([realpath(directory), realpath(join(directory, path))]);
    const found = await stat(real);
    return found.isFile() && real.startsWith(root + sep) ? { path: real, size: found.size } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"].includes(code);
}
