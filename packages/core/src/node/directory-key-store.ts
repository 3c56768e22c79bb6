// Keys in a folder that many processes share: one file an issuer, always whole, nobody else's. Rule I13.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { checkOptionNames } from "../base/option-names.js";
import type { KeyStore } from "../issuers/key-store.js";
import { defaultKeyFolder } from "./default-folders.js";
import { keepFile } from "./keep-file.js";
import { listStoredKeys } from "./list-stored-keys.js";
import type { StoredKeys } from "./list-stored-keys.js";
import { readOwnFile, removeFile } from "./own-files.js";
import { createSweep } from "./sweep.js";
import { takeTurn } from "./take-turn.js";

/** What one key set may have: more than any that an enforcer would take. */
const MAX_BYTES = 17_825_792;

export interface DirectoryKeyStoreOptions {
  /**
   * Who may read what is kept: public keys, so there is nothing to hide. For nodes on which one user keeps keys and services of
   * others read them. Default `owner`.
   */
  readonly readableBy?: "owner" | "everyone" | undefined;
}

export interface EntriesOptions {
  /** Hears of files that are refused, as that others can write to; then the rest is listed. */
  readonly onRefused?: ((fault: Error) => void) | undefined;
}

export interface DirectoryKeyStore extends KeyStore {
  readonly folder: string;
  /** The text kept under a name; undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a text, unless it is an older key set than the one that lies there. */
  set(key: string, value: string): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /**
   * All key sets, by issuer; files that are none are left out.
   * @throws {Error} when the folder is refused, or a file, unless `onRefused` hears of files
   */
  entries(options?: EntriesOptions): Promise<readonly StoredKeys[]>;
}

/**
 * A store of keys in a folder, one file for each issuer: written beside and renamed, mode 0600 in a folder of mode 0700 (0644 and
 * 0755 with `readableBy: "everyone"`), which is made when something is kept for the first time. A folder or file of another user
 * (but root), or that others can write to, is refused, and so is a folder in such a one, but for sticky ones as `/tmp`: then the
 * enforcer says so in an event, and goes on without.
 *
 * Of a folder one operation is done at a time in a process. One that takes 10 s fails those that wait behind it.
 *
 * @param folder default `$XDG_CACHE_HOME/scitokens`, else `~/.cache/scitokens`
 * @throws {TypeError} when `folder` is no path, or there is no home for a default; for a wrong option, which it names
 * @example
 * const keys = { store: directoryKeyStore("/var/cache/my-service/keys") };
 * const enforcer = createEnforcer({ issuer, audience, keys });
 */
export function directoryKeyStore(
  folder: string = defaultKeyFolder(),
  options: DirectoryKeyStoreOptions = {},
): DirectoryKeyStore {
  if (typeof folder !== "string" || folder === "") throw new TypeError("folder: expected the path of a folder");
  checkOptionNames("directoryKeyStore", options, ["readableBy"]);
  const { readableBy = "owner" } = options;
  if (readableBy !== "owner" && readableBy !== "everyone") {
    throw new TypeError("readableBy: expected 'owner' or 'everyone'");
  }
  const readable = readableBy === "everyone";
  const place = resolve(folder);
  const sweep = createSweep(place);
  return Object.freeze<DirectoryKeyStore>({
    folder: place,
    get: (key) => takeTurn(place, () => readOwnFile(place, fileName(key), MAX_BYTES)),
    set: (key, value) =>
      takeTurn(place, async () => {
        await keepFile(place, { name: fileName(key), text: value, readable }, MAX_BYTES);
        await sweep();
      }),
    delete: (key) => takeTurn(place, () => removeFile(place, fileName(key))),
    entries: ({ onRefused } = {}) =>
      takeTurn(place, () => listStoredKeys(place, { fileName, maxBytes: MAX_BYTES, onRefused })),
  });
}

/** Nothing of an issuer's name reaches the file system. */
function fileName(key: string): string {
  return `${createHash("sha256").update(key).digest("hex")}.json`;
}
