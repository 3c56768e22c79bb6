// Many who wait for one signal, and one listener on it: Node warns of a leak where a signal has more than ten.

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `run` once when the signal is aborted. @returns what takes that back */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const calls = waiting.get(signal) ?? listenTo(signal);
  const call = (): void => run(); // the same function may wait twice
  calls.add(call);
  return () => void calls.delete(call);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const calls = new Set<() => void>();
  waiting.set(signal, calls);
  signal.addEventListener("abort", () => calls.forEach((call) => call()), { once: true });
  return calls;
}
