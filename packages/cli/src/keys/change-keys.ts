// Keys put into the cache by hand, and taken out of it.
import { storedJwks } from "@scitokens/core/node";
import { Refused } from "../exit.js";
import type { Io } from "../io.js";
import { readJwkSet } from "../key-files/jwk-set.js";
import { print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { asTrouble } from "../trust/flag-words.js";
import { openStore, readEntries, unwritable } from "./open-store.js";
import type { KeysFlags } from "./open-store.js";

export interface AddFlags extends KeysFlags {
  readonly jwks: string;
  readonly jwksUri?: string;
}

export async function addKeySet(io: Io, issuer: string, flags: AddFlags): Promise<void> {
  const store = openStore(io, flags);
  const jwks = await readJwkSet(io, flags.jwks, "scitokens jwks makes one of PEM files");
  const entry = asTrouble(() => storedJwks({ issuer, jwksUri: flags.jwksUri, jwks, fetchedAt: io.clock() }));
  await store.set(entry.key, entry.value).catch(unwritable(store));
  const { keyIds, ignored } = entry;
  const left = ignored === 0 ? "" : `; ${ignored} that can verify no signature left out`;
  const text = `${keyIds.length} ${keyIds.length === 1 ? "key" : "keys"} of ${printable(issuer)} kept in ${printable(store.folder)}${left}`;
  print(io, { json: { issuer, keyIds, ignored, folder: store.folder }, text }, flags.json === true);
}

export async function removeKeys(io: Io, issuer: string, flags: KeysFlags): Promise<void> {
  const store = openStore(io, flags);
  const entries = (await readEntries(store)).filter((entry) => entry.issuer === issuer);
  for (const { key } of entries) await store.delete(key).catch(unwritable(store));
  const text = `removed the keys of ${printable(issuer)}`;
  if (entries.length > 0 || flags.json === true)
    print(io, { json: { issuer, removed: entries.length }, text }, flags.json === true);
  if (entries.length === 0) throw new Refused(`no keys of ${printable(issuer)} in ${printable(store.folder)}`);
}
