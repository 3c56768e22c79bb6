// Verified tokens kept in memory, found by their whole text. Rules V1, V2; why not a library: ADR 0004.

export interface TokenCache<Entry extends { readonly raw: string }> {
  get(raw: string): Entry | undefined;
  set(entry: Entry): void;
  delete(raw: string): void;
  readonly size: number;
}

/**
 * A cache of at most `capacity` entries. Entries live in two generations: a full young one becomes the old one, and what
 * was not asked for since is forgotten, all at once and without bookkeeping on each request.
 */
export function createTokenCache<Entry extends { readonly raw: string }>(capacity: number): TokenCache<Entry> {
  const perGeneration = Math.max(1, Math.floor(capacity / 2));
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();

  const set = (entry: Entry): void => {
    if (capacity === 0) return;
    if (young.size >= perGeneration) [old, young] = [capacity > 1 ? young : old, new Map()];
    young.set(handle(entry.raw), entry);
  };

  return {
    set,
    get(raw) {
      const key = handle(raw);
      const found = young.get(key) ?? promote(key);
      return found?.raw === raw ? found : undefined;
    },
    delete(raw) {
      young.delete(handle(raw));
      old.delete(handle(raw));
    },
    get size() {
      return young.size + old.size;
    },
  };

  function promote(key: string): Entry | undefined {
    const found = old.get(key);
    if (found === undefined) return undefined;
    old.delete(key);
    set(found);
    return found;
  }
}

/**
 * The end of the signature: 72 bits that differ from token to token, so that not the whole text must be hashed. It only
 * finds an entry; the whole text is compared. Two tokens that end alike can at worst cost each other a miss.
 */
export function handle(raw: string): string {
  return raw.slice(-12);
}
