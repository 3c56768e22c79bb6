// What lies in a folder of keys, for people: `scitokens keys list`. Nothing is judged by it.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { keyIds } from "../issuers/key-source.js";
import { storeKey } from "../issuers/key-store.js";
import { keepStored } from "../issuers/kept-keys.js";
import { decodeKeySet, readPlace } from "../issuers/stored-keys.js";
import { readOwnFile } from "./own-files.js";
import { checkFolder } from "./own-folder.js";

/** One issuer's keys in a folder. Times are seconds since the epoch; refresh and use as by an enforcer's defaults. */
export interface StoredKeys {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly keyIds: readonly string[];
  readonly fetchedAt: number;
  readonly refreshAt: number;
  readonly usableUntil: number;
  readonly file: string;
  /** The name it has in the store. */
  readonly key: string;
}

export interface Listing {
  readonly fileName: (key: string) => string;
  readonly maxBytes: number;
  readonly onRefused: ((fault: Error) => void) | undefined;
}

const DEFAULTS = { refreshAfter: undefined, usableFor: 172_800, random: () => 0 };

/** @throws {Error} when the folder is not this user's alone, or a file is not, and `onRefused` does not hear of it */
export async function listStoredKeys(folder: string, listing: Listing): Promise<readonly StoredKeys[]> {
  const all: StoredKeys[] = [];
  for (const name of await names(folder)) {
    const text = await readOwnFile(folder, name, listing.maxBytes).catch((error: unknown) => {
      if (listing.onRefused === undefined || !(error instanceof Error)) throw error;
      listing.onRefused(error);
    });
    const found = text === undefined ? undefined : read(text, { folder, name }, listing);
    if (found !== undefined) all.push(found);
  }
  return all.toSorted((a, b) => (a.issuer < b.issuer ? -1 : 1));
}

async function names(folder: string): Promise<readonly string[]> {
  if (!(await checkFolder(folder))) return [];
  return (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
}

function read(
  text: string,
  { folder, name }: { readonly folder: string; readonly name: string },
  { fileName, maxBytes }: Listing,
): StoredKeys | undefined {
  try {
    const place = readPlace(text, maxBytes);
    const key = storeKey(place);
    if (fileName(key) !== name) return undefined;
    const stored = decodeKeySet(text, place, { now: Number.MAX_VALUE, maxBytes });
    const kept = keepStored(stored, stored.fetchedAt, DEFAULTS);
    return {
      issuer: place.issuer,
      jwksUri: place.jwksUri,
      keyIds: keyIds(kept.keys),
      fetchedAt: kept.fetchedAt,
      refreshAt: kept.since + kept.refreshAfter,
      usableUntil: kept.usableUntil,
      file: join(folder, name),
      key,
    };
  } catch {
    return undefined;
  }
}
