// Keys of several issuers fetched anew: one's failure stops no other.
import { Trouble } from "../exit.js";
import type { Io } from "../io.js";
import { fetchWithCa } from "../network/fetch-with-ca.js";
import { print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { openStore, readEntries } from "./open-store.js";
import type { KeysFlags } from "./open-store.js";
import { refreshKeys } from "./refresh-keys.js";

export interface RefreshFlags extends KeysFlags {
  readonly caFile?: string;
  readonly allowInsecureIssuer?: boolean;
}

/** @param issuers none: all that are kept */
export async function refreshAll(io: Io, issuers: readonly string[], flags: RefreshFlags): Promise<void> {
  const store = openStore(io, flags);
  const kept = await readEntries(store);
  const places = (issuer: string): readonly Place[] => {
    const known = kept.filter((entry) => entry.issuer === issuer);
    return known.length > 0 ? known : [{ issuer, jwksUri: undefined }];
  };
  const asked: readonly Place[] = issuers.length === 0 ? kept : issuers.flatMap(places);
  const { clock } = io;
  const fetch = await fetchWithCa(io, flags.caFile);
  const allowInsecure = flags.allowInsecureIssuer === true;
  const results = await Promise.all(
    asked.map(({ issuer, jwksUri }) => refreshKeys(store, { issuer, jwksUri, allowInsecure, fetch, clock })),
  );
  io.signal.throwIfAborted();
  const lines = results.map(({ issuer, keyIds, failure }) =>
    failure === undefined
      ? `${printable(issuer)}: ${printable(keyIds.join(" "), 200) || "no usable key"}`
      : `${printable(issuer)}: failed: ${printable(failure, 600)}`,
  );
  const text = lines.length === 0 ? `no keys in ${printable(store.folder)}` : lines.join("\n");
  print(io, { json: { folder: store.folder, results }, text }, flags.json === true);
  if (results.some(({ failure }) => failure !== undefined)) throw new Trouble();
}

interface Place {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
}
