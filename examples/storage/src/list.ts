// What is in a directory.
import type { Directory } from "./directory.js";
import type { Entry } from "./entry.js";
import type { Storage } from "./storage.js";
import { whileOpen } from "./while-open.js";

/** Names looked at in one turn: whoever wants to change something shall not wait for a large directory to be listed. */
const A_FEW = 100;

/** By name. Undefined where there is no directory. */
export async function list(storage: Storage, path: string): Promise<ReadonlyMap<string, Entry> | undefined> {
  const names = await lookInside(storage, path, (directory) => directory.names());
  if (names === undefined) return undefined;
  const entries = new Map<string, Entry>();
  for (let i = 0; i < names.length; i += A_FEW) {
    await lookInside(storage, path, (directory) => directory.addEntries(names.slice(i, i + A_FEW), entries));
  }
  return entries;
}

function lookInside<T>(
  storage: Storage,
  path: string,
  work: (directory: Directory) => Promise<T>,
): Promise<T | undefined> {
  return storage.turns.look(() =>
    storage.at(path, async (place) => {
      const directory = await place?.parent.directory(place.name);
      return directory && whileOpen(directory, work);
    }),
  );
}
