// One piece of work for all who ask for the same at the same time; it ends early only when nobody waits any more.
import { within } from "./deadline.js";

/** Joins the work under way for `key`, or begins it. The caller's signal ends its own waiting alone. */
export type Share<T> = (key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export function shareWork<T>(): Share<T> {
  const flights = new Map<string, Flight<T>>();

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const forget = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const result = work(controller.signal).finally(forget);
    result.catch(() => {}); // whoever waits is told; nobody may be left to be
    const flight: Flight<T> = { result, controller, waiting: 0 };
    controller.signal.addEventListener("abort", forget);
    flights.set(key, flight);
    return flight;
  }

  return async (key, work, signal) => {
    signal?.throwIfAborted();
    const flight = flights.get(key) ?? begin(key, work);
    flight.waiting += 1;
    try {
      return await within({ signal }, () => flight.result);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.controller.abort(new Error("nobody waits for this any more"));
    }
  };
}
