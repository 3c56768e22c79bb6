// A private folder for one token file, gone when the command is. WLCG Bearer Token Discovery, interop 5.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

export interface TokenFolder {
  /** Where the token is to be written. */
  readonly file: string;
  /** Removes folder and file; a second time, nothing. */
  readonly remove: () => void;
}

/**
 * Makes a folder that only this user can enter: in memory where the system offers that ($XDG_RUNTIME_DIR).
 * @throws {Trouble} when none of the places can be written
 */
export async function makeTokenFolder(env: Readonly<Record<string, string | undefined>>): Promise<TokenFolder> {
  const named = [env["XDG_RUNTIME_DIR"], env["TMPDIR"], tmpdir()];
  const places = named.flatMap((place) => (place === undefined || place === "" ? [] : [place]));
  for (const place of places) {
    const folder = await mkdtemp(join(place, "scitokens-")).catch(() => undefined);
    if (folder !== undefined) return tokenFolder(folder);
  }
  throw new Trouble(`no folder for the token can be made in ${printable(places.join(", "), 300)}`);
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
