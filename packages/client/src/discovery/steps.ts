// The four steps of WLCG Bearer Token Discovery, in their order, as places.
import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { readSurroundings } from "./options.js";
import type { DiscoveryOptions, Surroundings } from "./options.js";
import { filePlace, noPlace, variablePlace } from "./place.js";
import type { Place } from "./place.js";

/** BEARER_TOKEN, BEARER_TOKEN_FILE, $XDG_RUNTIME_DIR/bt_u$ID, /tmp/bt_u$ID. */
export function discoverySteps(around: Surroundings): readonly Place[] {
  const { env, uid, onWarning, temporaryFolder } = around;
  return [
    variablePlace("BEARER_TOKEN", env["BEARER_TOKEN"]),
    namedFile("BEARER_TOKEN_FILE", around),
    runtimeFile(around),
    uid === undefined
      ? noPlace(temporaryFolder, "the system has no user ids")
      : filePlace(join(temporaryFolder, `bt_u${uid}`), { uid, ownOnly: true, onWarning }),
  ];
}

/** A file that a variable names. Its owner may be another: Kubernetes mounts its secrets so. */
export function namedFile(variable: string, { env, uid, onWarning }: Surroundings): Place {
  const path = env[variable];
  if (path === undefined) return noPlace(variable, "not set");
  if (path === "") return noPlace(variable, "empty");
  return filePlace(path, { variable, uid, ownOnly: false, onWarning });
}

/**
 * Where discovery would find a token file of this user, and so the place to write one to: `$BEARER_TOKEN_FILE` (passed over
 * where that is a device, FIFO or socket, such as /dev/null), else `$XDG_RUNTIME_DIR/bt_u$ID`, else `/tmp/bt_u$ID`;
 * undefined where the system has no user ids.
 * @throws {TypeError} for a wrong option
 */
export function defaultTokenFile(options?: DiscoveryOptions): string | undefined {
  const { env, uid, temporaryFolder } = readSurroundings("defaultTokenFile", options);
  const { BEARER_TOKEN_FILE: named, XDG_RUNTIME_DIR: folder } = env;
  if (named !== undefined && named !== "" && canBeFile(named)) return named;
  if (uid === undefined) return undefined;
  return join(folder !== undefined && isAbsolute(folder) ? folder : temporaryFolder, `bt_u${uid}`);
}

function canBeFile(path: string): boolean {
  try {
    const there = statSync(path);
    return there.isFile() || there.isDirectory(); // writing to a folder fails, and says why
  } catch {
    return true; // not there yet; what else is wrong with it shows when it is written
  }
}

/** The folder must be given absolutely (XDG Base Directory Specification); else it is as if it were not set. */
function runtimeFile({ env, uid, onWarning }: Surroundings): Place {
  const variable = "XDG_RUNTIME_DIR";
  const folder = env[variable];
  if (folder === undefined) return noPlace(variable, "not set");
  if (folder === "") return noPlace(variable, "empty");
  if (!isAbsolute(folder)) return noPlace(variable, "not an absolute path: ignored");
  if (uid === undefined) return noPlace(variable, "the system has no user ids");
  return filePlace(join(folder, `bt_u${uid}`), { variable, uid, ownOnly: true, onWarning });
}
