// Requests that come at once with one token wait for one verification. Rule V3.
import { afterThisStretch } from "../base/when.js";
import { handle } from "./token-cache.js";

export interface SingleFlight<T> {
  /** Joins what is under way for this text, or starts it. What `start` throws at once is thrown at once. */
  run(raw: string, start: () => T | Promise<T>): T | Promise<T>;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const underWay = new Map<string, { readonly raw: string; readonly promise: Promise<T> }>();
  /** What ended at once, while the code that started it has not paused: its other requests came at the same time. */
  let ended: { readonly raw: string; readonly outcome: () => T } | undefined;

  function remember(raw: string, outcome: () => T): void {
    if (ended === undefined) afterThisStretch(() => (ended = undefined));
    ended = { raw, outcome };
  }

  function begin(raw: string, start: () => T | Promise<T>): T | Promise<T> {
    try {
      const started = start();
      if (!(started instanceof Promise)) remember(raw, () => started);
      return started;
    } catch (error) {
      remember(raw, () => {
        throw error;
      });
      throw error;
    }
  }

  return {
    run(raw, start) {
      if (typeof raw !== "string") return start();
      if (ended?.raw === raw) return ended.outcome();
      const key = handle(raw);
      const known = underWay.size === 0 ? undefined : underWay.get(key);
      if (known?.raw === raw) return known.promise;
      const started = begin(raw, start);
      if (!(started instanceof Promise) || known !== undefined) return started;
      const promise = settle(started, () => underWay.delete(key));
      underWay.set(key, { raw, promise });
      return promise;
    },
  };
}

async function settle<T>(started: Promise<T>, settled: () => void): Promise<T> {
  try {
    return await started;
  } finally {
    settled();
  }
}
