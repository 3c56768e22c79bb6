// Keys in a folder that many processes share: one file an issuer, always whole, nobody else's. Rule I13.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { KeyStore } from "../issuers/key-store.js";
import { defaultKeyFolder } from "./default-folders.js";
import { listStoredKeys } from "./list-stored-keys.js";
import type { StoredKeys } from "./list-stored-keys.js";
import { readOwnFile, removeFile } from "./own-files.js";
import { createSweep } from "./sweep.js";
import { writeWhole } from "./write-whole.js";

/** What one key set may have: more than any that an enforcer would take. */
const MAX_BYTES = 17_825_792;

export interface DirectoryKeyStore extends KeyStore {
  readonly folder: string;
  /** The text kept under a name; undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** All key sets, by issuer; files that are none are left out. */
  entries(): Promise<readonly StoredKeys[]>;
}

/**
 * A store of keys in a folder, one file for each issuer: written beside and renamed, mode 0600 in a folder of mode 0700,
 * which is made when something is kept for the first time. A folder or file of another user (but root), or that others can
 * write to, is refused: then the enforcer says so in an event, and goes on without.
 *
 * @param folder default `$XDG_CACHE_HOME/scitokens`, else `~/.cache/scitokens`
 * @throws {TypeError} when `folder` is no path, or there is no home for a default
 * @example
 * const keys = { store: directoryKeyStore("/var/cache/my-service/keys") };
 * const enforcer = createEnforcer({ issuer, audience, keys });
 */
export function directoryKeyStore(folder: string = defaultKeyFolder()): DirectoryKeyStore {
  if (typeof folder !== "string" || folder === "") throw new TypeError("folder: expected the path of a folder");
  const place = resolve(folder);
  const sweep = createSweep(place);
  return Object.freeze<DirectoryKeyStore>({
    folder: place,
    get: (key) => readOwnFile(place, fileName(key), MAX_BYTES),
    async set(key, value) {
      await writeWhole(place, fileName(key), value);
      await sweep();
    },
    delete: (key) => removeFile(place, fileName(key)),
    entries: () => listStoredKeys(place, { fileName, maxBytes: MAX_BYTES }),
  });
}

/** Nothing of an issuer's name reaches the file system. */
function fileName(key: string): string {
  return `${createHash("sha256").update(key).digest("hex")}.json`;
}
