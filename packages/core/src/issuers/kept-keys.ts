// An issuer's keys with their ages: until when they are fresh, and until when usable. Rules I5, I8, I13, I14.
import { passed, SET_BACK } from "../base/clock.js";
import type { IssuerKey } from "./jwks.js";
import type { KeySet } from "./key-source.js";
import type { StoredKeySet } from "./stored-keys.js";

/** All times in seconds since the epoch, but for `refreshAfter`. */
export interface KeptKeys {
  readonly keys: KeySet;
  /** When the issuer said so: a set never takes the place of a younger one. */
  readonly fetchedAt: number;
  /** From here `refreshAfter` counts. */
  readonly since: number;
  readonly refreshAfter: number;
  readonly usableUntil: number;
  /** Whether somebody else says until when they are good: then reading them again is worth as much as fetching them. */
  readonly vouched: boolean;
}

export interface KeyAges {
  /** Seconds after which keys are refreshed; undefined: as the issuer's Cache-Control says, within 1 h to 6 h. */
  readonly refreshAfter: number | undefined;
  /** Seconds for which keys stay usable while the issuer cannot be reached. */
  readonly usableFor: number;
  readonly random: () => number;
}

const HOUR = 3600;
/** Seconds by which keys that another process fetched are refreshed later, at random: so that one of a fleet fetches. */
const MAX_DELAY = 60;

export function keepFetched(
  keys: readonly IssuerKey[],
  { at, maxAge }: { readonly at: number; readonly maxAge: number | undefined },
  ages: KeyAges,
): KeptKeys {
  return {
    keys: new Set(keys),
    fetchedAt: at,
    since: at,
    refreshAfter: refreshInterval(maxAge, ages),
    usableUntil: at + ages.usableFor,
    vouched: false,
  };
}

/** The ages of a stored set are those of this configuration, whoever stored it. A set of no keys is always due. */
export function keepStored(stored: StoredKeySet, now: number, ages: KeyAges): KeptKeys {
  const { keys, fetchedAt, maxAge, expiresAt } = stored;
  const interval = keys.length === 0 ? 0 : refreshInterval(maxAge, ages);
  if (expiresAt !== undefined) {
    const usableUntil = Math.min(expiresAt, now + ages.usableFor);
    return { keys: new Set(keys), fetchedAt, since: now, refreshAfter: interval, usableUntil, vouched: true };
  }
  const refreshAfter = interval + ages.random() * Math.min(MAX_DELAY, interval / 20);
  const usableUntil = fetchedAt + ages.usableFor;
  return { keys: new Set(keys), fetchedAt, since: fetchedAt, refreshAfter, usableUntil, vouched: false };
}

export function isUsable(kept: KeptKeys | undefined, now: number): kept is KeptKeys {
  return kept !== undefined && now < kept.usableUntil;
}

export function isDue(kept: KeptKeys | undefined, now: number): boolean {
  return !isUsable(kept, now) || passed(now, kept.since, kept.refreshAfter);
}

/** Whether these are news to who has `known`: what is no longer usable is as good as nothing. */
export function isNews(set: KeptKeys, known: KeptKeys | undefined, now: number): boolean {
  if (!isUsable(known, now) || set.fetchedAt > known.fetchedAt) return true;
  return set.vouched && set.fetchedAt === known.fetchedAt;
}

/** Keys of a time when the clock was ahead would be young for as long: their age counts from when that is seen. */
export function countAgain(kept: KeptKeys, now: number, usableFor: number): KeptKeys {
  if (now >= kept.since - SET_BACK) return kept;
  const usableUntil = Math.min(kept.usableUntil, now + usableFor);
  return { ...kept, fetchedAt: Math.min(kept.fetchedAt, now), since: now, refreshAfter: 0, usableUntil };
}

/**
 * The same key is the same object after a refresh, so that cached verdicts know whether theirs is still there (I8). A key
 * that stands twice stays two: it is refused as before (I10).
 */
export function keepIdentity(keys: KeySet, before: KeySet): KeySet {
  const known = new Map([...before].map((key) => [identity(key), key]));
  const kept = [...keys].map((key) => {
    const same = known.get(identity(key));
    known.delete(identity(key));
    return same ?? key;
  });
  return new Set(kept);
}

function refreshInterval(maxAge: number | undefined, { refreshAfter }: KeyAges): number {
  return refreshAfter ?? Math.min(Math.max(maxAge ?? 6 * HOUR, HOUR), 6 * HOUR);
}

function identity(key: IssuerKey): string {
  return JSON.stringify([key.kid, key.algorithms, key.jwk]);
}
