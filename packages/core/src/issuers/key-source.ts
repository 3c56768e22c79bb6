// What the rest of the core sees of an issuer's keys. Rules I5 to I9.
import { forLog } from "../base/events.js";
import type { IssuerKey } from "./jwks.js";

/** The usable keys of an issuer at one time. */
export type KeySet = ReadonlySet<IssuerKey>;

export interface KeySource {
  /** Usable keys at hand; starts a refresh in the background when one is due, and never waits. */
  peek(now: number): KeySet | undefined;
  /**
   * Usable keys, fetched when none are at hand.
   * @throws {IssuerUnavailableError}
   */
  load(now: number): Promise<KeySet>;
  /**
   * The keys after a refresh forced by an unknown kid; undefined when the cool-down forbids one, or it failed, or when
   * `loaded`, the keys that `load` has just given, are what the issuer itself has just said.
   */
  reload(now: number, loaded?: KeySet): Promise<KeySet | undefined>;
  status(now: number): KeyStatus;
  close(): void;
}

/** How an issuer's keys stand. Times are seconds since the epoch. */
export interface KeyStatus {
  readonly issuer: string;
  /**
   * `static`: given in the configuration · `none`: not fetched yet, or never with success · `fresh` · `stale`: a
   * refresh is due, and the keys are still usable · `expired`: too old to be used.
   */
  readonly state: "static" | "none" | "fresh" | "stale" | "expired";
  readonly keyIds: readonly string[];
  readonly fetchedAt: number | undefined;
  readonly refreshAt: number | undefined;
  readonly usableUntil: number | undefined;
  /** The failures in a row since the last success. */
  readonly failures: number;
  readonly lastError: string | undefined;
  /** While it backs off: when the issuer is asked again. */
  readonly nextAttemptAt: number | undefined;
}

/** Keys of the configuration: never fetched, never old. */
export function createStaticKeySource(issuer: string, keys: readonly IssuerKey[]): KeySource {
  const set: KeySet = new Set(keys);
  return {
    peek: () => set,
    load: () => Promise.resolve(set),
    reload: () => Promise.resolve(undefined),
    status: () => ({
      issuer,
      state: "static",
      keyIds: keyIds(set),
      fetchedAt: undefined,
      refreshAt: undefined,
      usableUntil: undefined,
      failures: 0,
      lastError: undefined,
      nextAttemptAt: undefined,
    }),
    close: () => {},
  };
}

export function keyIds(keys: KeySet): readonly string[] {
  return [...keys].map((key) => forLog(key.kid) ?? "(without kid)");
}
