// Whether two names are of one file, there or yet to be made: by their folders' true names, and through links.
import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

export async function isSameFile(a: string, b: string): Promise<boolean> {
  if ((await placeOf(a)) === (await placeOf(b))) return true;
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)));
  return realA !== undefined && realA === realB;
}

/** A folder that is not there is for the writer to complain of. */
async function placeOf(path: string): Promise<string> {
  const whole = resolve(path);
  const folder = await realpath(dirname(whole)).catch(() => dirname(whole));
  return join(folder, basename(whole));
}
