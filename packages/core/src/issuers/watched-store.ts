// A store as requests can bear it: it may throw, hang or lie, and costs them a second at most. Rule I13.
import type { KeyStoreFailedEvent } from "../base/events.js";
import { failureWords } from "./failure-words.js";
import { passed } from "../base/clock.js";
import type { KeyStore } from "./key-store.js";

export type StoreFault = Pick<KeyStoreFailedEvent, "fault" | "message">;

export interface WatchedStore {
  /** What it has; undefined where that is nothing, or could not be read in time. Never rejects. */
  read(key: string, now: number, signal: AbortSignal): Promise<unknown>;
  /** Keeps a text, unseen: the last one, when several come while it is slow. */
  write(key: string, value: string): void;
  /** Says whether what it had was any good; undefined: it was. */
  judge(fault: string | undefined): void;
}

/** Milliseconds that a request waits for a store, once. */
const PATIENCE = 1000;
/** Seconds after which one that has not answered is asked again: an answer may get lost. */
const ASK_AGAIN = 60;
/** Questions that may be left without an answer. */
const MAX_OPEN = 2;
/** Milliseconds that any configuration may use keys for: the most that `usableFor` can be. */
const LIFETIME = 345_600_000;

/** @param tell hears of each kind of fault once, until it is gone */
export function watchStore(store: KeyStore, tell: (fault: StoreFault) => void): WatchedStore {
  const known = new Set<StoreFault["fault"]>();
  // Looked at once: later even that may throw, where the store is a proxy.
  const isWritable = store.set !== undefined;
  let open = 0;
  let silent = false;
  let askedAt = 0;
  let writing = false;
  let next: string | undefined;

  function settle(fault: StoreFault["fault"], message: string | undefined): void {
    if (message === undefined) return void known.delete(fault);
    if (known.has(fault)) return;
    known.add(fault);
    tell({ fault, message });
  }

  async function read(key: string, now: number, signal: AbortSignal): Promise<unknown> {
    const mayAsk = open < MAX_OPEN && (!silent || passed(now, askedAt, ASK_AGAIN));
    if (!mayAsk || signal.aborted) return undefined;
    [open, silent, askedAt] = [open + 1, true, now];
    const answer = callStore(
      () => store.get(key),
      () => ([open, silent] = [open - 1, false]),
    );
    try {
      const value = await inTime(answer, signal);
      settle("reading", undefined);
      return value;
    } catch (error) {
      if (!signal.aborted) settle("reading", failureWords(error) ?? "it failed");
      return undefined;
    }
  }

  async function writeNext(key: string): Promise<void> {
    writing = true;
    while (next !== undefined) {
      const value = next;
      next = undefined;
      const done = callStore(
        () => store.set?.(key, value, LIFETIME),
        () => {},
      );
      try {
        const outcome = await inTime(done);
        settle("writing", outcome === false ? "the store did not take it" : undefined);
      } catch (error) {
        settle("writing", failureWords(error) ?? "it failed");
      }
      // Until it has answered, however late: writes do not pile up in a store that hangs.
      await done.catch(() => {});
    }
    writing = false;
  }

  return {
    read,
    write(key, value) {
      if (!isWritable) return;
      next = value;
      if (!writing) void writeNext(key);
    },
    judge: (fault) => settle("content", fault),
  };
}

/** A call that always gives a promise, one that somebody listens to. */
async function callStore(call: () => unknown, over: () => void): Promise<unknown> {
  try {
    return await call();
  } finally {
    over();
  }
}

function inTime(answer: Promise<unknown>, signal?: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (settled: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      settled();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const abort = (): void => fail(new Error("closed"));
    const timer = setTimeout(() => fail(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
    // Nobody waits for a write, nor should the end of the process. Where timers are numbers there is none to hold up.
    if (signal === undefined) (timer as { unref?: () => unknown }).unref?.();
    signal?.addEventListener("abort", abort);
    answer.then((value) => end(() => resolve(value)), fail);
  });
}
