// Verified tokens kept in memory, found by their whole text. Rules V1, V2; why so: ADR 0004, 0018.

export interface CacheEntry {
  readonly raw: string;
  /** Whether it was asked for since the hand of the clock went past. The cache's own. */
  isUsed: boolean;
  /** Where it stands on the clock. The cache's own. */
  place: number;
}

export interface TokenCache<Entry extends CacheEntry> {
  get(raw: string): Entry | undefined;
  set(entry: Entry): void;
  delete(raw: string): void;
  readonly size: number;
}

/** The hand goes no further for one new token, be all others in use. */
const MAX_STEPS = 32;

/** A Map that grows is built anew, and nobody is served meanwhile: a large cache has many small ones. */
const MAPS = 64;
const ENTRIES_OF_ONE_MAP = 50_000;

/**
 * A cache of at most `limit` entries, which stand on the dial of a clock. A hit marks its entry, and nothing is moved; for
 * a new token the hand goes on to the next entry that was not asked for since it came by, and that one is forgotten.
 */
export function createTokenCache<Entry extends CacheEntry>(limit: number): TokenCache<Entry> {
  const capacity = Math.floor(limit); // a dial has whole places
  const maps = Array.from({ length: capacity > ENTRIES_OF_ONE_MAP ? MAPS : 1 }, () => new Map<string, Entry>());
  const none = new Map<string, Entry>(); // of the empty text
  const dial: (Entry | undefined)[] = [];
  let hand = 0;

  /** By the first character of the handle: the last one has two bits only, with RSA of 2048. */
  function mapOf(key: string): Map<string, Entry> {
    return maps[key.charCodeAt(0) % maps.length] ?? none;
  }

  function makePlace(): number {
    if (dial.length < capacity) return dial.length;
    for (let steps = 1; ; steps++) {
      hand = (hand + 1) % capacity;
      const entry = dial[hand];
      if (entry === undefined) return hand;
      if (!entry.isUsed || steps >= MAX_STEPS) {
        const key = handle(entry.raw);
        mapOf(key).delete(key);
        return hand;
      }
      entry.isUsed = false;
    }
  }

  return {
    get(raw) {
      const key = handle(raw);
      const entry = mapOf(key).get(key);
      if (entry?.raw !== raw) return undefined;
      entry.isUsed = true;
      return entry;
    },
    set(entry) {
      if (capacity === 0) return;
      const key = handle(entry.raw);
      const map = mapOf(key);
      entry.place = map.get(key)?.place ?? makePlace();
      dial[entry.place] = entry;
      map.set(key, entry);
    },
    delete(raw) {
      const key = handle(raw);
      const map = mapOf(key);
      const entry = map.get(key);
      if (entry?.raw !== raw) return;
      map.delete(key);
      dial[entry.place] = undefined;
    },
    get size() {
      return maps.reduce((size, map) => size + map.size, 0);
    },
  };
}

/**
 * The end of the signature: 72 bits that differ from token to token, so that not the whole text must be hashed. It only
 * finds an entry; the whole text is compared. Two tokens that end alike can at worst cost each other a miss.
 */
export function handle(raw: string): string {
  return raw.slice(-12);
}
