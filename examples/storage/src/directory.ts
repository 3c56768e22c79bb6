// A directory, held by its descriptor. A path is looked up anew whenever it is used: whoever may write on this machine
// can put a symbolic link in the place of a directory between two steps, and lead the server out of its area. So every
// step starts from a descriptor, and follows no link. Node has no openat(); on Linux /proc/self/fd/N/name is just that.
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { entryOf } from "./entry.js";
import type { Entry } from "./entry.js";
import { unlessMissing } from "./failure.js";
import { whileOpen } from "./while-open.js";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly entry: Entry;
}

/** Whoever is given one, or an open file, closes it. */
export class Directory {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string): Promise<Directory> {
    return new Directory(await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** The path of a name in this very directory, wherever it has been moved: until close(), and not a moment longer. */
  at(name: string): string {
    return `/proc/self/fd/${this.#handle.fd}/${name}`;
  }

  directory(name: string): Promise<Directory | undefined> {
    return Directory.open(this.at(name)).catch(unlessMissing);
  }

  /** Down these names, with one descriptor at a time. Undefined where one of them is no directory. */
  async walk(names: readonly string[]): Promise<Directory | undefined> {
    let at = await this.directory(".");
    for (const name of names) at = at && (await whileOpen(at, (above) => above.directory(name)));
    return at;
  }

  async entry(name: string): Promise<Entry | undefined> {
    const stats = await lstat(this.at(name), { bigint: true }).catch(unlessMissing);
    return stats && entryOf(stats);
  }

  names(): Promise<readonly string[]> {
    return readdir(this.at("."));
  }

  async addEntries(names: readonly string[], entries: Map<string, Entry>): Promise<void> {
    for (const name of names) {
      const entry = await this.entry(name);
      if (entry !== undefined) entries.set(name, entry);
    }
  }

  /** What was seen to be a file; looked at again, for it can have been replaced. */
  async file(name: string): Promise<OpenFile | undefined> {
    const handle = await open(this.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(unlessMissing);
    const stats = await handle?.stat({ bigint: true }).catch(() => undefined);
    const entry = stats && entryOf(stats);
    if (handle !== undefined && entry?.kind === "file") return { handle, entry };
    await handle?.close();
  }
}
