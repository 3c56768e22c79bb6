// A private folder for one token file, gone when the command is. WLCG Bearer Token Discovery, interop 5.
import { createHash } from "node:crypto";
import { readlinkSync, rmSync } from "node:fs";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";

export interface TokenFolder {
  /** Where the token is to be written: an absolute path, since the command may go elsewhere. */
  readonly file: string;
  /** Removes folder and file; a second time, nothing. */
  readonly remove: () => void;
}

/**
 * Makes a folder that only this user can enter: in memory where the system offers that ($XDG_RUNTIME_DIR). What killed
 * ones have left there goes.
 * @throws {Trouble} when none of the places can be written
 */
export async function makeTokenFolder({ env }: Pick<Io, "env">): Promise<TokenFolder> {
  const named = [env["XDG_RUNTIME_DIR"], env["TMPDIR"], tmpdir()];
  const places = named.flatMap((place) => (place === undefined || place === "" ? [] : [resolve(place)]));
  for (const place of places) {
    const folder = await mkdtemp(join(place, folderName(process.pid))).catch(() => undefined);
    if (folder === undefined) continue;
    await removeLeftovers(place);
    return tokenFolder(folder);
  }
  throw new Trouble(`no folder for the token can be made in ${printable(places.join(", "), 300)}`);
}

/** The beginning of a folder's name: whose it is. A number of a process means something on one machine, in one container. */
export function folderName(pid: number): string {
  const where = createHash("sha256").update(`${hostname()} ${pidNamespace()}`).digest("hex").slice(0, 8);
  return `scitokens-with-${where}-${pid}-`;
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux, no containers
  }
}

/** SIGKILL leaves a folder behind, and the next one of the same user takes it away: never through a link, never another's. */
async function removeLeftovers(place: string): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const pid = Number(/-(\d{1,10})-\w{6}$/.exec(name)?.[1] ?? Number.NaN);
    if (!name.startsWith(folderName(pid)) || isAlive(pid)) continue;
    const folder = join(place, name);
    const there = await lstat(folder).catch(() => undefined);
    if (there?.isDirectory() !== true || there.uid !== process.geteuid?.()) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function tokenFolder(folder: string): TokenFolder {
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(folder, { recursive: true, force: true });
  };
  // Whatever ends this process but SIGKILL takes the token with it.
  process.on("exit", remove);
  return { file: join(folder, "token"), remove };
}
