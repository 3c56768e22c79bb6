// What is in the key cache, as a table or as data.
import type { StoredKeys } from "@scitokens/core/node";
import type { Io } from "../io.js";
import { print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { layOut } from "../output/table.js";
import { fromNow } from "../output/times.js";
import { openStore, readEntries } from "./open-store.js";
import type { KeysFlags } from "./open-store.js";

export async function listKeys(io: Io, flags: KeysFlags): Promise<void> {
  const store = openStore(io, flags);
  const entries = await readEntries(store);
  const json = { folder: store.folder, entries: entries.map(({ key: _key, ...entry }) => entry) };
  print(
    io,
    { json, text: entries.length === 0 ? `no keys in ${printable(store.folder)}` : table(io, entries) },
    flags.json === true,
  );
}

function table(io: Io, entries: readonly StoredKeys[]): string {
  const now = io.clock();
  const rows = entries.map(({ issuer, keyIds, fetchedAt, usableUntil }) => [
    printable(issuer),
    printable(keyIds.join(" "), 200),
    fromNow(fetchedAt, now),
    usableUntil > now ? fromNow(usableUntil, now) : "no more",
  ]);
  return layOut(io, { head: ["ISSUER", "KEYS", "FETCHED", "USABLE UNTIL"], rows });
}
