// When a token is renewed next: at half of its life, earlier where more must be left, with jitter; after failures, with back-off.

export interface Standing {
  /** Seconds that the token still lives; undefined where nobody said. */
  readonly left: number | undefined;
  /** Seconds that should be left at any time. */
  readonly atLeast: number;
  /** Whether it was got just now. */
  readonly isNew: boolean;
  /** 0 to 1. */
  readonly random: number;
}

/** Whoever gives tokens should not be asked more often, however short they live. Seconds. */
const SHORTEST = 5;
/** As often as osg-token-renewer's timer asks. Seconds. */
const WITHOUT_END = 600;
const LONGEST = 86_400;
const FIRST_BACKOFF = 10;
const MOST_BACKOFF = 600;

/** Seconds until the next renewal of a token that is good. */
export function untilRenewal({ left, atLeast, isNew, random }: Standing): number {
  if (left === undefined) return WITHOUT_END * (0.9 + random / 5);
  const half = left * (0.45 + random / 10);
  // A new token that hardly lives longer than asked for would be renewed again at once, and the next one, too.
  const soonest = Math.max(SHORTEST, isNew ? left / 10 : 0);
  return Math.min(Math.max(Math.min(half, left - atLeast), soonest), LONGEST);
}

/** Seconds until the next attempt, after so many failures in a row. */
export function afterFailures(failures: number, random: number): number {
  return Math.min(FIRST_BACKOFF * 2 ** (failures - 1), MOST_BACKOFF) * (0.75 + random / 2);
}
