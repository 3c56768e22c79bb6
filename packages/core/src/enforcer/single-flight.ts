// Requests that come at once with one token wait for one verification. Rule V3.
import { passed } from "../base/clock.js";
import { afterThisStretch, isThenable } from "../base/when.js";
import { handle } from "./token-cache.js";

export interface SingleFlight<T> {
  /** Joins what is under way for this text, or starts it. What `start` throws at once is thrown at once. */
  run(raw: string, now: number, start: () => T | Promise<T>): T | Promise<T>;
}

interface UnderWay<T> {
  readonly raw: string;
  readonly since: number;
  readonly promise: Promise<T>;
}

/** Seconds for which others join: a schema of the application's that never answers must not be waited for for ever after. */
const JOIN_FOR = 10;

export function createSingleFlight<T>(): SingleFlight<T> {
  const underWay = new Map<string, UnderWay<T>>();
  /** What ended at once, while the code that started it has not paused: its other requests came at the same time, by any clock. */
  let ended: { readonly raw: string; readonly outcome: () => T } | undefined;

  function remember(raw: string, outcome: () => T): void {
    if (ended === undefined) afterThisStretch(() => (ended = undefined));
    ended = { raw, outcome };
  }

  function begin(raw: string, start: () => T | Promise<T>): T | Promise<T> {
    try {
      const started = start();
      if (!isThenable<T, Promise<T>>(started)) remember(raw, () => started);
      return started;
    } catch (error) {
      remember(raw, () => {
        throw error;
      });
      throw error;
    }
  }

  return {
    run(raw, now, start) {
      if (typeof raw !== "string") return start();
      if (ended?.raw === raw) return ended.outcome();
      const known = underWay.size === 0 ? undefined : underWay.get(handle(raw));
      const isJoinable = known !== undefined && !passed(now, known.since, JOIN_FOR);
      if (isJoinable && known.raw === raw) return known.promise;
      const started = begin(raw, start);
      return isThenable<T, Promise<T>>(started) && !isJoinable ? follow(raw, now, started) : started;
    },
  };

  function follow(raw: string, now: number, started: Promise<T>): Promise<T> {
    const key = handle(raw);
    const promise = settle(started, () => {
      if (underWay.get(key) === mine) underWay.delete(key);
    });
    const mine = { raw, since: now, promise };
    underWay.set(key, mine);
    return promise;
  }
}

async function settle<T>(started: Promise<T>, settled: () => void): Promise<T> {
  try {
    return await started;
  } finally {
    settled();
  }
}
