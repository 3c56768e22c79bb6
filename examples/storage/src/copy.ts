// A copy of a file, or of a directory with what is below it, made apart. Whatever is copied is looked up from the root, by
// its own path: what has moved elsewhere meanwhile, to where other rights are needed, is not reached by the old path's.
import { mkdir } from "node:fs/promises";
import type { Directory } from "./directory.js";
import { Failure } from "./failure.js";
import { list } from "./list.js";
import { namesOf } from "./path.js";
import { placeIn } from "./place.js";
import type { Place } from "./place.js";
import type { Storage } from "./storage.js";
import { createFile } from "./upload.js";
import { whileOpen } from "./while-open.js";

export interface Copying {
  readonly source: string;
  /** Gets the copy. */
  readonly slot: Directory;
  /** Of a directory: whether with all that is below it. */
  readonly deep: boolean;
}

export async function copyTree(storage: Storage, { source, slot, deep }: Copying): Promise<Place> {
  const paths = [""];
  for (const below of paths) {
    const names = ["new", ...namesOf(`/${below}`)];
    const parent = await slot.walk(names.slice(0, -1));
    if (parent === undefined) throw new Error("expected the directory that was made before");
    const to = { parent, name: names.at(-1) ?? "" };
    const inside = await whileOpen(parent, () => copyOne(storage, source + below, to));
    if (deep) for (const name of inside) paths.push(`${below}/${name}`);
  }
  return placeIn(slot, "new");
}

/** @returns the names in a directory, which is copied empty */
async function copyOne(storage: Storage, path: string, to: Omit<Place, "entry">): Promise<Iterable<string>> {
  const source = await storage.open(path);
  if (source !== undefined && source !== "directory") {
    await whileOpen(source.handle, () => createFile(to, source.handle.createReadStream()));
    return [];
  }
  const inside = source && (await list(storage, path));
  if (inside === undefined) throw new Failure(409); // gone since it was listed
  await mkdir(to.parent.at(to.name));
  return inside.keys();
}
