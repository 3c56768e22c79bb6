// A new file with what comes from a stream: for nobody else to read before it is whole, and on the disk.
import { open, writeFile } from "node:fs/promises";
import type { Place } from "./place.js";
import { whileOpen } from "./while-open.js";

export async function createFile(
  { parent, name }: Omit<Place, "entry">,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(parent.at(name), "wx", 0o600);
  await whileOpen(file, async (handle) => {
    await writeFile(handle, body);
    const time = moment() / 1000;
    await handle.utimes(time, time);
    await handle.chmod(0o644);
    await handle.sync();
  });
}

let last = 0;

/** The time in milliseconds, and never the same twice: for entity tags, two uploads must not be taken for one. */
function moment(): number {
  last = Math.max(Date.now(), last + 1);
  return last;
}
