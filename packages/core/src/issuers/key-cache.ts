// An issuer's keys over time: refreshed in the background, used while the issuer is down, asked for once. Rules I5 to I9, I13.
import { passed, readClock } from "../base/clock.js";
import type { Clock } from "../base/clock.js";
import { IssuerUnavailableError } from "../base/errors.js";
import { createBackOff } from "./back-off.js";
import { fetchKeys } from "./fetch-keys.js";
import type { KeyFetchOptions } from "./fetch-keys.js";
import { keyIds } from "./key-source.js";
import type { KeyStatus, KeySet, KeySource } from "./key-source.js";
import { countAgain, isDue, isUsable, keepFetched, keepIdentity } from "./kept-keys.js";
import type { KeptKeys } from "./kept-keys.js";
import { createOutsideKeys } from "./outside-keys.js";
import type { OutsideOptions } from "./outside-keys.js";

export interface KeyCacheOptions extends KeyFetchOptions, OutsideOptions {
  /** Seconds between two refreshes forced by unknown kids. */
  readonly cooldown: number;
  readonly clock: Clock;
}

/** Seconds between two looks into the stores while the issuer is left in peace: another process may have reached it. */
const LOOK_AGAIN = 5;

export function createKeyCache(options: KeyCacheOptions): KeySource {
  const { issuer, cooldown, usableFor, clock, events } = options;
  const outside = createOutsideKeys(options);
  const backOff = createBackOff(options.random);
  let closed = false;
  let ending = new AbortController();
  let kept: KeptKeys | undefined;
  /** The issuer's own last word; what came from a store is somebody else's. */
  let fetched: KeySet | undefined;
  let inFlight: Promise<void> | undefined;
  /** The first part of what is in flight, where there are stores: what other processes know. */
  let recalling: Promise<void> | undefined;
  let lookedAt: number | undefined;
  let forced = false;
  let forcedAt: number | undefined;
  let reportedIncident = "";

  const mayLook = (now: number): boolean =>
    outside !== undefined && (lookedAt === undefined || passed(now, lookedAt, LOOK_AGAIN));
  const mayRefresh = (now: number): boolean => !backOff.holds(now) || mayLook(now);

  /** The one attempt that may be under way (I6). Its outcome is in `kept` or `backOff`; it never rejects. */
  function refresh(now: number): Promise<void> {
    if (closed) return Promise.resolve();
    inFlight ??= attempt(now);
    return inFlight;
  }

  async function attempt(now: number): Promise<void> {
    try {
      await lookAndFetch(now);
    } catch (error) {
      // Nobody waits for a refresh in the background: a bug in here must not end the process.
      fail(error, now);
    } finally {
      [inFlight, recalling, forced] = [undefined, undefined, false];
    }
  }

  async function lookAndFetch(now: number): Promise<void> {
    ending = new AbortController();
    if (outside !== undefined && !forced) {
      recalling = recall(now);
      await recalling;
      recalling = undefined;
      if (closed || (!forced && (backOff.holds(now) || !isDue(kept, now)))) return;
    }
    await fetchNow(now);
    if (!forced || closed || backOff.failure === undefined) return;
    // The issuer's word was wanted; without it, another process's is better than none.
    ending = new AbortController(); // the last one ended with the time of the fetch
    await recall(now);
  }

  async function fetchNow(now: number): Promise<void> {
    try {
      const { keys, privateKeyIds, maxAge } = await fetchKeys(options, ending);
      const at = readClock(clock, now);
      const removed = replace(keepFetched(keys, { at, maxAge }, options));
      fetched = kept?.keys;
      backOff.end();
      events.emit({ type: "keys_fetched", issuer, keys: keys.length, removed });
      report(privateKeyIds);
      outside?.keep(keys, { at, maxAge });
    } catch (error) {
      // Whatever went wrong, the keys could not be had: a bug in here must not look like a bad token.
      fail(error, readClock(clock, now));
    }
  }

  async function recall(now: number): Promise<void> {
    lookedAt = now;
    const recalled = await outside?.recall(now, kept, ending.signal);
    if (recalled === undefined || closed) return;
    const { set, privateKeyIds } = recalled;
    const removed = replace(set);
    // Whoever fetched them has reached the issuer; whoever only vouches for them need not have (I6).
    if (!set.vouched && !isDue(set, now)) backOff.end();
    events.emit({ type: "keys_recalled", issuer, keys: set.keys.size, removed, fetchedAt: set.fetchedAt });
    if (privateKeyIds.length > 0) report(privateKeyIds);
  }

  /** Takes a set in the place of the last one; gives the ids of the keys that are gone (I8). */
  function replace(set: KeptKeys): readonly string[] {
    const before: KeySet = kept?.keys ?? new Set();
    const keys = keepIdentity(set.keys, before);
    kept = { ...set, keys };
    return keyIds(new Set([...before].filter((key) => !keys.has(key))));
  }

  function fail(thrown: unknown, at: number): void {
    if (closed) return;
    const error = thrown instanceof Error ? thrown : new Error("the fetch failed");
    const retryAfter = backOff.begin(error, at);
    events.emit({ type: "keys_failed", issuer, message: error.message, retryAfter });
  }

  function report(privateKeyIds: readonly string[]): void {
    const incident = privateKeyIds.join(" ");
    if (incident !== "" && incident !== reportedIncident) {
      events.emit({ type: "private_key_published", issuer, keyIds: privateKeyIds });
    }
    reportedIncident = incident;
  }

  function unavailable(now: number): IssuerUnavailableError {
    const { failure } = backOff;
    // Never longer than the back-off itself: the clock may have jumped while the issuer was asked.
    const retryAfter = failure === undefined ? 1 : Math.min(failure.backoff, failure.at + failure.backoff - now);
    return new IssuerUnavailableError(issuer, retryAfter, `the keys of ${issuer} cannot be had`, {
      cause: failure?.error,
    });
  }

  function peek(now: number): KeySet | undefined {
    if (kept !== undefined) kept = countAgain(kept, now, usableFor);
    if (!isUsable(kept, now)) return undefined;
    if (isDue(kept, now) && mayRefresh(now)) void refresh(now);
    return kept.keys;
  }

  async function load(now: number): Promise<KeySet> {
    const usable = peek(now);
    if (usable !== undefined) return usable;
    if (inFlight === undefined && !mayRefresh(now)) throw unavailable(now);
    const ended = refresh(now);
    if (recalling !== undefined) {
      await recalling;
      // Stored keys are used at once, old ones too; a set of none is worth asking whether it is still so.
      if (isUsable(kept, now) && kept.keys.size > 0) return kept.keys;
    }
    await ended;
    if (!isUsable(kept, now)) throw unavailable(now);
    return kept.keys;
  }

  async function reload(now: number, loaded?: KeySet): Promise<KeySet | undefined> {
    if (loaded !== undefined && loaded === fetched) return undefined; // the issuer said so a moment ago
    if (inFlight === undefined || recalling !== undefined) {
      const held = backOff.holds(now);
      const may = !held && (forcedAt === undefined || passed(now, forcedAt, cooldown));
      if (may) [forced, forcedAt] = [true, now];
      else if (inFlight === undefined && !(held && mayLook(now))) return undefined;
    }
    const before = kept;
    await refresh(now);
    return kept === before ? undefined : kept?.keys;
  }

  return { peek, load, reload, status, close };

  function close(): void {
    closed = true;
    ending.abort(new Error("closed"));
  }

  function status(now: number): KeyStatus {
    const { failure } = backOff;
    return {
      issuer,
      state: kept === undefined ? "none" : !isUsable(kept, now) ? "expired" : isDue(kept, now) ? "stale" : "fresh",
      keyIds: kept === undefined ? [] : keyIds(kept.keys),
      fetchedAt: kept?.fetchedAt,
      refreshAt: kept && kept.since + kept.refreshAfter,
      usableUntil: kept?.usableUntil,
      failures: failure?.inARow ?? 0,
      lastError: failure?.error.message,
      nextAttemptAt: failure !== undefined && backOff.holds(now) ? failure.at + failure.backoff : undefined,
    };
  }
}
