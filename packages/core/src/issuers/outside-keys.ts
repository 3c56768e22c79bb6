// One issuer's keys in the stores outside the process: what other processes know, and are told. Rules I8, I10, I13.
import type { EventSink } from "../base/events.js";
import type { IssuerKey } from "./jwks.js";
import { storeKey } from "./key-store.js";
import type { KeyPlace, KeyStore } from "./key-store.js";
import { isNews, isUsable, keepStored } from "./kept-keys.js";
import type { KeptKeys, KeyAges } from "./kept-keys.js";
import { decodeKeySet, encodeKeySet, StoredKeysError } from "./stored-keys.js";
import { watchStore } from "./watched-store.js";
import type { WatchedStore } from "./watched-store.js";

export interface OutsideOptions extends KeyPlace, KeyAges {
  readonly stores: readonly KeyStore[];
  readonly maxBytes: number;
  readonly events: EventSink;
}

export interface Recalled {
  readonly set: KeptKeys;
  readonly privateKeyIds: readonly string[];
}

export interface OutsideKeys {
  /** The youngest usable keys, of whichever store, if they are news to who has `known`. Never rejects. */
  recall(now: number, known: KeptKeys | undefined, signal: AbortSignal): Promise<Recalled | undefined>;
  /** Tells the others, unseen. */
  keep(keys: readonly IssuerKey[], times: { readonly at: number; readonly maxAge: number | undefined }): void;
}

/** Undefined where there is no store: then nothing waits, not even a turn. */
export function createOutsideKeys(options: OutsideOptions): OutsideKeys | undefined {
  const { stores, issuer, events, maxBytes } = options;
  if (stores.length === 0) return undefined;
  const key = storeKey(options);
  const watched = stores.map((store) =>
    watchStore(store, (fault) => events.emit({ type: "key_store_failed", issuer, ...fault })),
  );

  async function readOne(store: WatchedStore, now: number, signal: AbortSignal): Promise<Recalled | undefined> {
    const value = await store.read(key, now, signal);
    if (value === undefined || value === null) return undefined;
    try {
      const stored = decodeKeySet(value, options, { now, maxBytes });
      store.judge(undefined);
      return { set: keepStored(stored, now, options), privateKeyIds: stored.privateKeyIds };
    } catch (error) {
      // Whatever it is, it must not look like a fault of the issuer, or of a token.
      store.judge(error instanceof StoredKeysError ? error.message : "expected a key set");
      return undefined;
    }
  }

  return {
    async recall(now, known, signal) {
      const read = await Promise.all(watched.map((store) => readOne(store, now, signal)));
      const found = read.filter((recalled) => recalled !== undefined);
      const news = found.filter(({ set }) => isUsable(set, now) && isNews(set, known, now));
      return news.toSorted((a, b) => b.set.fetchedAt - a.set.fetchedAt)[0];
    },
    keep(keys, { at, maxAge }) {
      const value = encodeKeySet(options, keys, { fetchedAt: at, maxAge });
      for (const store of watched) store.write(key, value);
    },
  };
}
