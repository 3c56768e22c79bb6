// Requests that come at once with one token wait for one verification. Rule V3.
import { handle } from "./token-cache.js";

export interface SingleFlight<T> {
  /** Joins what is under way for this text, or starts it. */
  run(raw: string, start: () => Promise<T>): Promise<T>;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const underWay = new Map<string, { readonly raw: string; readonly promise: Promise<T> }>();
  return {
    run(raw, start) {
      if (typeof raw !== "string") return start();
      const key = handle(raw);
      const known = underWay.get(key);
      if (known !== undefined) return known.raw === raw ? known.promise : start();
      const promise = settle(start, () => underWay.delete(key));
      underWay.set(key, { raw, promise });
      return promise;
    },
  };
}

async function settle<T>(start: () => Promise<T>, settled: () => void): Promise<T> {
  try {
    return await start();
  } finally {
    settled();
  }
}
