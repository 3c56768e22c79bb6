// A file that holds a secret: whole or not there, and nobody else's to read. Whatever reads it never sees half of it.
import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "./name-file.js";

/**
 * Writes the text with mode 0600, whatever the umask: to a new file beside it, which then takes its place. A symbolic
 * link at the place is replaced, not followed: in /tmp it may be another's. A device, a FIFO or a socket is never replaced,
 * nor is a link to one: as root that would be the system's own /dev/null, or /dev/stdout.
 * @throws the file system's own error; the file that was there is then as it was, and nothing is left over
 */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  await checkPlace(path);
  const beside = join(dirname(path), `.${basename(path).slice(0, 64)}.${randomBytes(8).toString("hex")}`);
  const file = await open(beside, "wx", 0o600);
  try {
    try {
      await file.chmod(0o600); // the umask took what it liked
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function checkPlace(path: string): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    // Nothing is there, or a link that leads nowhere, in circles, or to where we may not look.
    if (["ENOENT", "ELOOP", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  });
  if (there === undefined || there.isFile() || there.isDirectory()) return; // a folder: rename says so itself
  throw Object.assign(new Error("no regular file"), { code: "ENXIO" });
}
