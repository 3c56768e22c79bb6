// A write that was slow does not undo a younger one of another process, as far as one can tell without a lock. Rules I8, I13.
import { isJsonObject } from "../base/json.js";
import { readOwnFile } from "./own-files.js";
import { writeWhole } from "./write-whole.js";
import type { FileText } from "./write-whole.js";

/** @throws {Error} when the folder is not this user's alone, or cannot be written to */
export async function keepFile(folder: string, file: FileText, maxBytes: number): Promise<void> {
  const fetchedAt = fetchedAtOf(file.text);
  if (fetchedAt !== undefined && fetchedAt < (await youngest(folder, file.name, maxBytes))) return;
  await writeWhole(folder, file);
}

/** When what lies there was fetched. What is refused or no key set is written over, and so is what a wrong clock has written. */
async function youngest(folder: string, name: string, maxBytes: number): Promise<number> {
  const text = await readOwnFile(folder, name, maxBytes).catch(() => undefined);
  const fetchedAt = (text === undefined ? undefined : fetchedAtOf(text)) ?? -Infinity;
  return fetchedAt > Date.now() / 1000 ? -Infinity : fetchedAt;
}

function fetchedAtOf(text: string): number | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isJsonObject(document) && typeof document["fetchedAt"] === "number" ? document["fetchedAt"] : undefined;
  } catch {
    return undefined;
  }
}
