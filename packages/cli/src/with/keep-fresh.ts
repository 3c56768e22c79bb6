// The token in a file kept fresh while a command runs: renewed at half of its life. A failed renewal is a warning.
import { TokenError } from "@scitokens/client";
import type { AccessToken } from "@scitokens/client";
import { Trouble } from "../exit.js";
import { afterFailures, untilRenewal } from "../renew/schedule.js";
import { waitUntil } from "../renew/wait.js";
import type { Sleep } from "../renew/wait.js";

export interface Freshness {
  /** Gets a token, a new one where the source can. */
  readonly renew: (signal: AbortSignal) => Promise<AccessToken>;
  readonly write: (token: AccessToken) => Promise<void>;
  /** Seconds that should be left at any time. */
  readonly timeLeft: number;
  readonly clock: () => number;
  readonly random: () => number;
  readonly sleep: Sleep;
  /** Told once in a row of failures. */
  readonly onFailure: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Goes on from a token that has been written, until the signal. Never rejects for what a source does. */
export async function keepFresh(first: AccessToken, freshness: Freshness): Promise<void> {
  const { clock, random, signal } = freshness;
  let expiresAt = first.expiresAt;
  let failures = 0;
  while (!signal.aborted) {
    const now = clock();
    const left = expiresAt === undefined ? undefined : expiresAt - now;
    const wait =
      failures > 0
        ? afterFailures(failures, random())
        : untilRenewal({ left, atLeast: freshness.timeLeft, isNew: true, random: random() });
    try {
      await waitUntil(now + wait, freshness);
      const token = await freshness.renew(signal);
      await freshness.write(token);
      expiresAt = token.expiresAt;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      // Whatever it is: the command that runs must not end of it.
      failures += 1;
      if (failures === 1) freshness.onFailure(inWords(error));
    }
  }
}

function inWords(error: unknown): string {
  if (error instanceof TokenError || error instanceof Trouble) return error.message;
  return error instanceof Error ? error.name : "an unknown error";
}
