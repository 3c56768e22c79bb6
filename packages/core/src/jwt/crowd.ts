// Whether a signature is verified here and now, or by a thread while the event loop goes on. ADR 0017.
import { process } from "../base/builtin.js";
import { afterThisStretch } from "../base/when.js";

/**
 * Notices when many new tokens come at once. One alone is verified soonest on the spot: handing it to a thread and back
 * takes longer than the verification. Among many, threads do more in the same time, and the event loop stays free.
 */
export interface Crowd {
  /** Whether a verification that begins now is one of many; if not, it is taken to happen now. */
  isMany(): boolean;
  /** Counts one that a thread does, until it is done. */
  join<T>(verification: Promise<T>): Promise<T>;
}

/** Threads are the process's, and read its files too: what waits behind ours waits some milliseconds at most. */
const MAX_IN_THREADS = 256;

/** Undefined where there is no event loop of Node's to look at. Timers that a test fakes may make it see a crowd: no verdict changes. */
export function createCrowd(): Crowd | undefined {
  const { nextTick } = process ?? {};
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (nextTick === undefined || setImmediate === undefined) return undefined;
  let inThreads = 0;
  /** This very stretch of code has verified a token and not paused since: its caller has several at hand. */
  let inThisStretch = false;
  /** This callback of the event loop has. */
  let inThisCallback = false;
  /** An earlier callback of this turn of the event loop has: several requests came in together. */
  let inThisTurn = false;

  function note(): void {
    inThisStretch = true;
    afterThisStretch(() => (inThisStretch = false));
    if (inThisCallback) return;
    inThisCallback = true;
    setImmediate?.(() => (inThisTurn = false));
    nextTick?.(() => {
      [inThisCallback, inThisTurn] = [false, true];
    });
  }

  return {
    isMany() {
      if (inThreads > 0) return inThreads < MAX_IN_THREADS;
      if (inThisStretch || inThisTurn) return true;
      note();
      return false;
    },
    async join(verification) {
      inThreads++;
      try {
        return await verification;
      } finally {
        inThreads--;
      }
    },
  };
}
