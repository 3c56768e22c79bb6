// All tokens, each on its own, until the command ends: one's failure or slowness is nothing to the others.
import type { TokenPlan } from "./config.js";
import { renewToken } from "./renew-token.js";
import type { Outcome, RenewTools } from "./renew-token.js";
import { afterFailures, untilRenewal } from "./schedule.js";
import { waitUntil } from "./wait.js";
import type { Sleep } from "./wait.js";

export interface Renewing extends RenewTools {
  readonly clock: () => number;
  readonly random: () => number;
  readonly sleep: Sleep;
  /** Hears of each renewal, and when the next one is. */
  readonly onOutcome: (outcome: Outcome, nextAt: number) => void;
}

/** Ends only by the signal, whose reason it throws. */
export async function keepRenewing(plans: readonly TokenPlan[], renewing: Renewing): Promise<never> {
  return (await Promise.all(plans.map((plan) => keepOne(plan, renewing)))) as never;
}

async function keepOne(plan: TokenPlan, renewing: Renewing): Promise<never> {
  const { clock, random, signal } = renewing;
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    const outcome = await renewToken(plan, renewing);
    failures = outcome.outcome === "failed" ? failures + 1 : 0;
    const now = clock();
    const wait =
      outcome.outcome === "failed"
        ? afterFailures(failures, random())
        : untilRenewal({
            left: outcome.expiresAt === undefined ? undefined : outcome.expiresAt - now,
            atLeast: plan.minLifetime ?? 0,
            isNew: outcome.outcome === "renewed",
            random: random(),
          });
    renewing.onOutcome(outcome, now + wait);
    await waitUntil(now + wait, renewing);
  }
}
