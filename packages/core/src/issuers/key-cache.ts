// An issuer's keys over time: refreshed in the background, used while the issuer is down, asked for once. Rules I5 to I9, I13.
import type { Clock } from "../base/clock.js";
import { IssuerUnavailableError } from "../base/errors.js";
import { fetchKeys } from "./fetch-keys.js";
import type { KeyFetchOptions } from "./fetch-keys.js";
import { keyIds } from "./key-source.js";
import type { IssuerStatus, KeySet, KeySource } from "./key-source.js";
import { countAgain, isDue, isUsable, keepFetched, keepIdentity, passed } from "./kept-keys.js";
import type { KeptKeys } from "./kept-keys.js";
import { createOutsideKeys } from "./outside-keys.js";
import type { OutsideOptions } from "./outside-keys.js";

export interface KeyCacheOptions extends KeyFetchOptions, OutsideOptions {
  /** Seconds between two refreshes forced by unknown kids. */
  readonly cooldown: number;
  readonly clock: Clock;
}

const MAX_BACKOFF = 300;

interface Failed {
  readonly at: number;
  readonly backoff: number;
  readonly inARow: number;
  readonly error: Error;
}

export function createKeyCache(options: KeyCacheOptions): KeySource {
  const { issuer, cooldown, usableFor, clock, random, events } = options;
  const outside = createOutsideKeys(options);
  let closed = false;
  let ending = new AbortController();
  let kept: KeptKeys | undefined;
  let failed: Failed | undefined;
  let inFlight: Promise<void> | undefined;
  /** The first part of what is in flight, where there are stores: what other processes know. */
  let recalling: Promise<void> | undefined;
  let forced = false;
  let forcedAt: number | undefined;
  let reportedIncident = "";

  const backsOff = (now: number): boolean => failed !== undefined && !passed(now, failed.at, failed.backoff);

  /** The one attempt that may be under way (I6). Its outcome is in `kept` or `failed`; it never rejects. */
  function refresh(now: number): Promise<void> {
    inFlight ??= attempt(now).finally(() => (inFlight = undefined));
    return inFlight;
  }

  async function attempt(now: number): Promise<void> {
    ending = new AbortController();
    if (outside !== undefined && !forced) {
      recalling = recall(now);
      await recalling;
      recalling = undefined;
      if (closed || (!forced && !isDue(kept, now))) return;
    }
    await fetchNow(now);
    // The issuer's word was wanted; without it, another process's is better than none.
    if (forced && failed !== undefined) await recall(now);
    forced = false;
  }

  async function fetchNow(now: number): Promise<void> {
    try {
      const { keys, privateKeyIds, maxAge } = await fetchKeys(options, ending);
      const at = readClock(now);
      const removed = replace(keepFetched(keys, { at, maxAge }, options));
      failed = undefined;
      events.emit({ type: "keys_fetched", issuer, keys: keys.length, removed });
      report(privateKeyIds);
      outside?.keep(keys, { at, maxAge });
    } catch (error) {
      // Whatever went wrong, the keys could not be had: a bug in here must not look like a bad token.
      fail(error instanceof Error ? error : new Error("the fetch failed"), readClock(now));
    }
  }

  async function recall(now: number): Promise<void> {
    const recalled = await outside?.recall(now, kept, ending.signal);
    if (recalled === undefined || closed) return;
    const { set, privateKeyIds } = recalled;
    const removed = replace(set);
    if (!isDue(set, now)) failed = undefined;
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

  function fail(error: Error, at: number): void {
    if (closed) return;
    const inARow = (failed?.inARow ?? 0) + 1;
    const backoff = Math.min(Math.min(2 ** (inARow - 1), MAX_BACKOFF) * (0.75 + random() / 2), MAX_BACKOFF);
    failed = { at, backoff, inARow, error };
    events.emit({ type: "keys_failed", issuer, message: error.message, retryAfter: backoff });
  }

  /** The time at the end of a fetch. No request waits for it that could be told of a broken clock: then, of its start. */
  function readClock(start: number): number {
    try {
      const now = clock();
      return Number.isFinite(now) ? now : start;
    } catch {
      return start;
    }
  }

  function report(privateKeyIds: readonly string[]): void {
    const incident = privateKeyIds.join(" ");
    if (incident !== "" && incident !== reportedIncident) {
      events.emit({ type: "private_key_published", issuer, keyIds: privateKeyIds });
    }
    reportedIncident = incident;
  }

  function unavailable(now: number): IssuerUnavailableError {
    const retryAfter = failed === undefined ? 1 : failed.at + failed.backoff - now;
    return new IssuerUnavailableError(issuer, retryAfter, `the keys of ${issuer} cannot be had`, {
      cause: failed?.error,
    });
  }

  function peek(now: number): KeySet | undefined {
    if (kept !== undefined) kept = countAgain(kept, now, usableFor);
    if (!isUsable(kept, now)) return undefined;
    if (isDue(kept, now) && !backsOff(now)) void refresh(now);
    return kept.keys;
  }

  async function load(now: number): Promise<KeySet> {
    const usable = peek(now);
    if (usable !== undefined) return usable;
    if (inFlight === undefined && backsOff(now)) throw unavailable(now);
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

  async function reload(now: number): Promise<KeySet | undefined> {
    if (inFlight === undefined || recalling !== undefined) {
      const may = !backsOff(now) && (forcedAt === undefined || passed(now, forcedAt, cooldown));
      if (!may && inFlight === undefined) return undefined;
      if (may) [forced, forcedAt] = [true, now];
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

  function status(now: number): IssuerStatus {
    return {
      issuer,
      state: kept === undefined ? "none" : !isUsable(kept, now) ? "expired" : isDue(kept, now) ? "stale" : "fresh",
      keyIds: kept === undefined ? [] : keyIds(kept.keys),
      fetchedAt: kept?.fetchedAt,
      refreshAt: kept && kept.since + kept.refreshAfter,
      usableUntil: kept?.usableUntil,
      failures: failed?.inARow ?? 0,
      lastError: failed?.error.message,
      nextAttemptAt: failed !== undefined && backsOff(now) ? failed.at + failed.backoff : undefined,
    };
  }
}
