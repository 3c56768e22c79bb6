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

/** A clock that went back by more than this was set, not read a moment earlier: what it said before means nothing. */
export const SET_BACK = 60;

/** Whether so many seconds have passed; a clock that was set back says yes. */
export function passed(now: number, since: number, seconds: number): boolean {
  return now - since >= seconds || now < since - SET_BACK;
}
