// What a cache remembers of one kind of request: its token, when to renew it, and how the last attempt ended.
import type { AccessToken } from "../base/access-token.js";

export interface Slot {
  readonly key: string;
  /** The token, if it lives long enough and is not the one refused. */
  serve(asked: Wanted, now: number): AccessToken | undefined;
  isDue(kind: string, now: number): boolean;
  /** @throws what the source threw for a request of this kind, if that was within the last second */
  refuseIfFailedJustNow(kind: string, now: number): void;
  /** The turn of an attempt: a result is kept unless that of a later turn is there already. */
  begin(): number;
  succeed(turn: number, token: AccessToken, now: number): void;
  /** The seconds until the next renewal may be tried. */
  fail(kind: string, error: unknown, now: number): number;
}

export interface Wanted {
  /** Seconds. */
  readonly timeLeft: number;
  readonly refused: AccessToken | undefined;
}

export interface Slots {
  find(key: string): Slot;
}

const UNKNOWN_LIFE = 60; // seconds
const JITTER = 0.1; // of a life, so that it is renewed between 45 and 55 per cent of it
const FIRST_PAUSE = 1; // seconds
const LONGEST_PAUSE = 60; // seconds
const MOST_FAILURES = 16; // kinds of request: a timeLeft can be any number

/** As many slots as `maxEntries`; the one longest unused makes room. */
export function createSlots(options: { readonly maxEntries: number; readonly random: () => number }): Slots {
  const slots = new Map<string, Slot>();
  return {
    find(key) {
      const slot = slots.get(key) ?? createSlot(key, options.random);
      slots.delete(key);
      slots.set(key, slot);
      const [oldest] = slots.keys();
      if (slots.size > options.maxEntries && oldest !== undefined) slots.delete(oldest);
      return slot;
    },
  };
}

interface Kept {
  readonly turn: number;
  readonly token: AccessToken;
  readonly renewAt: number;
  readonly gotAt: number;
}

interface Failure {
  readonly error: unknown;
  readonly at: number;
  readonly pause: number;
  readonly count: number;
}

function createSlot(key: string, random: () => number): Slot {
  let turns = 0;
  let kept: Kept | undefined;
  const failures = new Map<string, Failure>();

  return {
    key,
    serve({ timeLeft, refused }, now) {
      if (kept === undefined || kept.token.value === refused?.value) return undefined;
      const { token, gotAt } = kept;
      if (token.expiresAt === undefined) return Math.abs(now - gotAt) < UNKNOWN_LIFE ? token : undefined;
      return token.expiresAt > now && token.expiresAt - now >= timeLeft ? token : undefined;
    },
    isDue(kind, now) {
      const failure = failures.get(kind);
      // A clock that was set back: nobody knows how old the token is.
      const isOld = kept !== undefined && (now >= kept.renewAt || now < kept.gotAt);
      return isOld && !isWithin(failure, failure?.pause ?? 0, now);
    },
    refuseIfFailedJustNow(kind, now) {
      const failure = failures.get(kind);
      if (isWithin(failure, FIRST_PAUSE, now)) throw failure?.error;
    },
    begin: () => ++turns,
    succeed(turn, token, now) {
      failures.clear();
      if (kept !== undefined && kept.turn > turn) return;
      const life = (token.expiresAt ?? now + UNKNOWN_LIFE) - now;
      const pause = Math.max(FIRST_PAUSE, life * (0.5 + JITTER * (random() - 0.5)));
      kept = { turn, token, renewAt: now + pause, gotAt: now };
    },
    fail(kind, error, now) {
      const count = (failures.get(kind)?.count ?? 0) + 1;
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(count - 1, 10)) * (1 - random() / 4);
      failures.delete(kind);
      failures.set(kind, { error, at: now, pause, count });
      const [oldest] = failures.keys();
      if (failures.size > MOST_FAILURES && oldest !== undefined) failures.delete(oldest);
      return pause;
    },
  };
}

/** A clock that was set back ends a pause. */
function isWithin(failure: Failure | undefined, seconds: number, now: number): boolean {
  return failure !== undefined && now >= failure.at && now < failure.at + seconds;
}
