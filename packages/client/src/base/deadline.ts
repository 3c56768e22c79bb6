// Work that ends in time, or when its caller no longer wants it. Seconds, as everywhere.

/** What may end a piece of work early. */
export interface Limits {
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
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
  const { seconds, signal } = limits;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer =
    seconds === undefined ? undefined : setTimeout(() => controller.abort(new DeadlineError(seconds)), seconds * 1000);
  try {
    return await Promise.race([work(controller.signal), rejectOnAbort(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
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
