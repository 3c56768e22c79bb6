// An issuer's keys over time: refreshed in the background, used while the issuer is down, asked for once. Rules I5 to I9.
import type { Clock } from "../base/clock.js";
import { IssuerUnavailableError } from "../base/errors.js";
import type { EventSink } from "../base/events.js";
import type { KeyFetchOptions } from "./fetch-keys.js";
import { fetchKeys } from "./fetch-keys.js";
import type { IssuerKey } from "./jwks.js";
import { keyIds } from "./key-source.js";
import type { IssuerStatus, KeySet, KeySource } from "./key-source.js";

export interface KeyCacheOptions extends KeyFetchOptions {
  /** Seconds after which keys are refreshed; undefined: as the issuer's Cache-Control says, within 1 h to 6 h. */
  readonly refreshAfter: number | undefined;
  /** Seconds for which keys stay usable while the issuer cannot be reached. */
  readonly usableFor: number;
  /** Seconds between two refreshes forced by unknown kids. */
  readonly cooldown: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventSink;
}

const HOUR = 3600;
const MAX_BACKOFF = 300;
/** A clock that went back by more than this was set, not read a moment earlier: what it said before means nothing. */
const SET_BACK = 60;

interface Fetched {
  readonly keys: KeySet;
  readonly at: number;
  readonly refreshAfter: number;
}

interface Failed {
  readonly at: number;
  readonly backoff: number;
  readonly inARow: number;
  readonly error: Error;
}

export function createKeyCache(options: KeyCacheOptions): KeySource {
  const { issuer, usableFor, cooldown, clock, random, events } = options;
  let closed = false;
  let ending = new AbortController();
  let fetched: Fetched | undefined;
  let failed: Failed | undefined;
  let inFlight: Promise<void> | undefined;
  let forcedAt: number | undefined;
  let reportedIncident = "";

  const isUsable = (now: number): boolean => fetched !== undefined && now - fetched.at < usableFor;
  const isDue = (now: number): boolean => fetched === undefined || passed(now, fetched.at, fetched.refreshAfter);
  const backsOff = (now: number): boolean => failed !== undefined && !passed(now, failed.at, failed.backoff);

  /** The one fetch that may be under way (I6). Its outcome is in `fetched` or `failed`; it never rejects. */
  function refresh(now: number): Promise<void> {
    inFlight ??= attempt(now).finally(() => (inFlight = undefined));
    return inFlight;
  }

  async function attempt(now: number): Promise<void> {
    try {
      ending = new AbortController();
      const { keys, privateKeyIds, maxAge } = await fetchKeys(options, ending);
      accept(keys, maxAge, readClock(now));
      report(privateKeyIds);
    } catch (error) {
      // Whatever went wrong, the keys could not be had: a bug in here must not look like a bad token.
      fail(error instanceof Error ? error : new Error("the fetch failed"), readClock(now));
    }
  }

  function accept(keys: readonly IssuerKey[], maxAge: number | undefined, at: number): void {
    const before = fetched?.keys ?? new Set();
    const set = keepIdentity(keys, before);
    const refreshAfter = options.refreshAfter ?? Math.min(Math.max(maxAge ?? 6 * HOUR, HOUR), 6 * HOUR);
    fetched = { keys: set, at, refreshAfter };
    failed = undefined;
    const removed = keyIds(new Set([...before].filter((key) => !set.has(key))));
    events.emit({ type: "keys_fetched", issuer, keys: set.size, removed });
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

  /** Keys fetched while the clock was ahead would be young for as long: their age counts from when that is seen. */
  function countAgain(now: number): void {
    if (fetched !== undefined && now < fetched.at - SET_BACK) fetched = { ...fetched, at: now, refreshAfter: 0 };
  }

  function peek(now: number): KeySet | undefined {
    countAgain(now);
    if (!isUsable(now)) return undefined;
    if (isDue(now) && !backsOff(now)) void refresh(now);
    return fetched?.keys;
  }

  async function load(now: number): Promise<KeySet> {
    const usable = peek(now);
    if (usable !== undefined) return usable;
    if (inFlight === undefined && backsOff(now)) throw unavailable(now);
    await refresh(now);
    if (fetched === undefined || !isUsable(now)) throw unavailable(now);
    return fetched.keys;
  }

  async function reload(now: number): Promise<KeySet | undefined> {
    if (inFlight === undefined) {
      if (backsOff(now) || (forcedAt !== undefined && !passed(now, forcedAt, cooldown))) return undefined;
      forcedAt = now;
    }
    const before = fetched;
    await refresh(now);
    return fetched === before ? undefined : fetched?.keys;
  }

  return { peek, load, reload, status, close };

  function close(): void {
    closed = true;
    ending.abort(new Error("closed"));
  }

  function status(now: number): IssuerStatus {
    return {
      issuer,
      state: fetched === undefined ? "none" : !isUsable(now) ? "expired" : isDue(now) ? "stale" : "fresh",
      keyIds: fetched === undefined ? [] : keyIds(fetched.keys),
      fetchedAt: fetched?.at,
      refreshAt: fetched && fetched.at + fetched.refreshAfter,
      usableUntil: fetched && fetched.at + usableFor,
      failures: failed?.inARow ?? 0,
      lastError: failed?.error.message,
      nextAttemptAt: failed !== undefined && backsOff(now) ? failed.at + failed.backoff : undefined,
    };
  }
}

/** Whether so many seconds have passed; a clock that was set back says yes. */
function passed(now: number, since: number, seconds: number): boolean {
  return now - since >= seconds || now < since - SET_BACK;
}

/**
 * The same key is the same object after a refresh, so that cached verdicts know whether theirs is still there (I8). A key
 * that stands twice stays two: it is refused as before (I10).
 */
function keepIdentity(keys: readonly IssuerKey[], before: KeySet): KeySet {
  const known = new Map([...before].map((key) => [identity(key), key]));
  const kept = keys.map((key) => {
    const same = known.get(identity(key));
    known.delete(identity(key));
    return same ?? key;
  });
  return new Set(kept);
}

function identity(key: IssuerKey): string {
  return JSON.stringify([key.kid, key.algorithms, key.jwk]);
}
