// How long an issuer that could not be asked is left in peace: 1 s, doubling to 5 min, jittered. Rule I6.
import { passed } from "../base/clock.js";

export interface Failure {
  readonly at: number;
  /** Seconds. */
  readonly backoff: number;
  readonly inARow: number;
  readonly error: Error;
}

export interface BackOff {
  /** The last one; undefined after a success. */
  readonly failure: Failure | undefined;
  holds(now: number): boolean;
  /** Gives the seconds for which it holds now. */
  begin(error: Error, at: number): number;
  end(): void;
}

const MAX_BACKOFF = 300;

export function createBackOff(random: () => number): BackOff {
  let failure: Failure | undefined;
  return {
    get failure() {
      return failure;
    },
    holds: (now) => failure !== undefined && !passed(now, failure.at, failure.backoff),
    begin(error, at) {
      const inARow = (failure?.inARow ?? 0) + 1;
      const backoff = Math.min(Math.min(2 ** (inARow - 1), MAX_BACKOFF) * (0.75 + random() / 2), MAX_BACKOFF);
      failure = { at, backoff, inARow, error };
      return backoff;
    },
    end() {
      failure = undefined;
    },
  };
}
