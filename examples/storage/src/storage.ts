// The files of a directory: `files/` in it is served, `uploads/` beside it is for what is not to be seen. Wherever a path is
// looked up, for whatever purpose, it is here: name by name, in a turn.
import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Directory } from "./directory.js";
import type { OpenFile } from "./directory.js";
import type { Entry } from "./entry.js";
import { namesOf } from "./path.js";
import { placeIn } from "./place.js";
import type { Place } from "./place.js";
import { Staging } from "./staging.js";
import { Turns } from "./turns.js";
import { whileOpen } from "./while-open.js";

/** Directories above a file. Each costs every request some system calls; below so many, nothing is there. */
const DEEPEST = 40;

export class Storage {
  readonly staging: Staging;
  readonly turns: Turns = new Turns();
  readonly #base: Directory;

  /**
   * @param directory this server's alone, and on one file system
   * @param areas names of directories at the top, made at start: the base paths of issuers
   */
  static async open(directory: string, areas: readonly string[] = []): Promise<Storage> {
    if (process.platform !== "linux") throw new Error("needs Linux, whose /proc/self/fd keeps paths in the directory");
    for (const area of ["", ...areas]) {
      const path = join(directory, "files", area);
      await mkdir(path, { recursive: true });
      if (!(await lstat(path)).isDirectory()) throw new Error(`expected a directory, and no link: ${path}`);
    }
    const staging = await Staging.open(join(directory, "uploads"));
    return new Storage(await Directory.open(directory), staging);
  }

  private constructor(base: Directory, staging: Staging) {
    this.#base = base;
    this.staging = staging;
  }

  async close(): Promise<void> {
    await Promise.all([this.#base.close(), this.staging.close()]);
  }

  /** Works at a path, in the caller's turn. The place is undefined where the directory it would be in is missing. */
  async at<T>(path: string, work: (place: Place | undefined) => Promise<T>): Promise<T> {
    const names = ["files", ...namesOf(path)];
    const name = names.pop() ?? "";
    const parent = names.length > DEEPEST ? undefined : await this.#base.walk(names);
    if (parent === undefined) return work(undefined);
    return whileOpen(parent, async () => {
      const place = await placeIn(parent, name);
      const isOther = path.endsWith("/") && place.entry?.kind === "file"; // a trailing slash names a directory
      return work(isOther ? { ...place, entry: undefined } : place);
    });
  }

  entry(path: string): Promise<Entry | undefined> {
    return this.turns.look(() => this.at(path, async (place) => place?.entry));
  }

  /** For `fromRequest()`, as `kind` is. */
  readonly exists = async (path: string): Promise<boolean> => (await this.entry(path)) !== undefined;
  readonly kind = async (path: string): Promise<Entry["kind"] | undefined> => (await this.entry(path))?.kind;

  /** A file is to be closed by whoever is given it. */
  open(path: string): Promise<OpenFile | "directory" | undefined> {
    return this.turns.look(() =>
      this.at(path, async (place) => {
        if (place?.entry === undefined) return undefined; // only to open a pipe or a device can do something
        return place.entry.kind === "directory" ? "directory" : place.parent.file(place.name);
      }),
    );
  }
}
