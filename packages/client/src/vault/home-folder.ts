// Where a person's own files are; a daemon, or a user without an entry in passwd, may have no such place.
import { homedir } from "node:os";
import { isAbsolute } from "node:path";

/** The home folder; undefined where there is none, or HOME is no absolute path. */
export function homeFolder(): string | undefined {
  try {
    const folder = homedir();
    return isAbsolute(folder) ? folder : undefined;
  } catch {
    return undefined; // no HOME, and no entry in passwd
  }
}
