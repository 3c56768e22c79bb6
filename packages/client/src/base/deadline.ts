// Work that ends in time, or when its caller no longer wants it. Seconds, as everywhere.
import { onAbort } from "./on-abort.js";

/** What may end a piece of work early. */
export interface Limits {
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether the time alone lets the program go on: false for what nobody waits for. Default true. */
  readonly keepsProcess?: boolean | undefined;
}

/** The time was over. */
export class DeadlineError extends Error {
  constructor(seconds: number) {
    super(`no answer within ${seconds} s`);
    this.name = "DeadlineError";
  }
}

/**
 * Runs `work` with a signal that ends it; rejects at once, even where `work` overlooks the signal.
 * @throws {DeadlineError} after `seconds`; the caller's own reason when its signal is aborted
 */
export async function within<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { seconds, signal, keepsProcess = true } = limits;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stop = signal === undefined ? undefined : onAbort(signal, () => controller.abort(signal.reason));
  const timer =
    seconds === undefined ? undefined : setTimeout(() => controller.abort(new DeadlineError(seconds)), seconds * 1000);
  if (!keepsProcess) timer?.unref();
  try {
    return await Promise.race([work(controller.signal), rejectOnAbort(controller.signal)]);
  } finally {
    clearTimeout(timer);
    stop?.();
  }
}

/** Waits; rejects with the signal's reason when that is aborted. */
export function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return within({ signal }, (ended) => {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      ended.addEventListener("abort", () => clearTimeout(timer), { once: true });
    });
  });
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
