// Waiting for a time of day, as long as it takes: timers stand still while a machine sleeps, its clock does not.
import { setTimeout } from "node:timers/promises";

/** Ends a wait early: throws the signal's reason. */
export type Sleep = (seconds: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (seconds, signal) => {
  try {
    await setTimeout(seconds * 1000, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
};

const STEP = 60;

export async function waitUntil(
  time: number,
  world: { readonly clock: () => number; readonly sleep: Sleep; readonly signal: AbortSignal },
): Promise<void> {
  for (let left = time - world.clock(); left > 0; left = time - world.clock()) {
    await world.sleep(Math.min(left, STEP), world.signal);
  }
}
