// The clock, in seconds as JWTs count them (RFC 7519 2, NumericDate). Always passed in, read once a decision (C4).

export type Clock = () => number;

export const systemClock: Clock = () => Date.now() / 1000;

/** The time at the end of what goes on in the background: nobody waits there who could be told of a broken clock. */
export function readClock(clock: Clock, otherwise: number): number {
  try {
    const now = clock();
    return Number.isFinite(now) ? now : otherwise;
  } catch {
    return otherwise;
  }
}
