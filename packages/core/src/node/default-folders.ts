// Where a user's caches and settings are. XDG Base Directory Specification 0.8: what is not absolute counts as not set.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of `directoryKeyStore()`: `$XDG_CACHE_HOME/scitokens`, else `~/.cache/scitokens`.
 * @throws {TypeError} where there is no home
 */
export function defaultKeyFolder(env: Environment = process.env): string {
  const { XDG_CACHE_HOME: folder } = env;
  if (folder !== undefined && isAbsolute(folder)) return join(folder, "scitokens");
  const home = homeFolder(env);
  if (home === undefined) throw new TypeError("folder: expected a path, since there is no home folder for a default");
  return join(home, ".cache", "scitokens");
}

/** `$XDG_CONFIG_HOME`, else `~/.config`; undefined where there is no home. */
export function configFolder(env: Environment): string | undefined {
  const { XDG_CONFIG_HOME: folder } = env;
  if (folder !== undefined && isAbsolute(folder)) return folder;
  const home = homeFolder(env);
  return home === undefined ? undefined : join(home, ".config");
}

export function homeFolder({ HOME }: Environment): string | undefined {
  if (HOME !== undefined && isAbsolute(HOME)) return HOME;
  try {
    const folder = homedir();
    return isAbsolute(folder) ? folder : undefined;
  } catch {
    return undefined; // a user without an entry in the password database, as in some containers
  }
}
