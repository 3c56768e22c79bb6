// The folder of the key cache: the user's own, or a named one. Rule I13.
import type { KeyStore } from "@scitokens/core";
import { defaultKeyFolder, directoryKeyStore, loadConfig } from "@scitokens/core/node";
import type { DirectoryKeyStore, StoredKeys } from "@scitokens/core/node";
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { printable } from "../output/printable.js";
import { asTrouble } from "../trust/flag-words.js";

export interface KeysFlags {
  readonly dir?: string;
  readonly json?: boolean;
}

/** @throws {Trouble} where there is no home for a default, or the configuration is wrong */
export function openStore(io: Io, { dir }: KeysFlags): DirectoryKeyStore {
  if (dir !== undefined) return asTrouble(() => directoryKeyStore(dir));
  return configuredStore(io) ?? asTrouble(() => directoryKeyStore(defaultKeyFolder(io.env)));
}

/** The folder that the configuration names: where other commands keep their keys, too. */
function configuredStore({ env }: Io): DirectoryKeyStore | undefined {
  const { store } = asTrouble(() => loadConfig({ env, print: () => {} })).keys;
  return [store].flat().find(isDirectory);
}

function isDirectory(store: KeyStore | undefined): store is DirectoryKeyStore {
  return store !== undefined && "folder" in store && "entries" in store;
}

/** @throws {Trouble} when the folder is not this user's alone */
export function readEntries(store: DirectoryKeyStore): Promise<readonly StoredKeys[]> {
  return store.entries().catch(unwritable(store));
}

/** For a `catch`: the store says what is wrong with the folder: whose it is, who may write to it. */
export function unwritable({ folder }: DirectoryKeyStore): (error: unknown) => never {
  return (error) => {
    throw new Trouble(`${printable(folder)}: ${printable(error instanceof Error ? error.message : "cannot be used")}`);
  };
}
