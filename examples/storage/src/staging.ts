// Beside the files, on their file system: what comes in, until it is whole, and what goes out, until it is taken apart. So
// to come and to go is one step each.
import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { Directory } from "./directory.js";
import { whileOpen } from "./while-open.js";

export class Staging {
  readonly #uploads: Directory;

  /** Removes what a crash has left. */
  static async open(path: string): Promise<Staging> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const staging = new Staging(await Directory.open(path));
    for (const name of await readdir(staging.#uploads.at("."))) await staging.#discard(name);
    return staging;
  }

  private constructor(uploads: Directory) {
    this.#uploads = uploads;
  }

  close(): Promise<void> {
    return this.#uploads.close();
  }

  /** An empty directory for as long as the work lasts. However that ends, what is then in it is removed. */
  async slot<T>(work: (slot: Directory) => Promise<T>): Promise<T> {
    const name = randomUUID();
    await mkdir(this.#uploads.at(name), 0o700);
    try {
      return await whileOpen(await Directory.open(this.#uploads.at(name)), work);
    } finally {
      await this.#discard(name);
    }
  }

  /** The request has done its work, or has failed: that something cannot be removed is for the operator to know. */
  async #discard(name: string): Promise<void> {
    await this.#remove(name).catch((error: unknown) => process.emitWarning(`left in uploads/: ${String(error)}`));
  }

  /** Directories in directories are first moved up here: one descriptor is enough, however deep they are. */
  async #remove(name: string): Promise<void> {
    const names = [name];
    for (const next of names) {
      const directory = await this.#uploads.directory(next);
      if (directory === undefined) {
        await unlink(this.#uploads.at(next));
        continue;
      }
      await whileOpen(directory, () => this.#empty(directory, names));
      await rmdir(this.#uploads.at(next));
    }
  }

  async #empty(directory: Directory, names: string[]): Promise<void> {
    // As bytes: what others on this machine call their files need not be UTF-8.
    for (const name of await readdir(directory.at("."), "buffer")) {
      const path = Buffer.concat([Buffer.from(directory.at("")), name]);
      if (!(await lstat(path)).isDirectory()) {
        await unlink(path);
        continue;
      }
      names.push(randomUUID());
      await rename(path, this.#uploads.at(names.at(-1) ?? ""));
    }
  }
}
