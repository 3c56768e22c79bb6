// What is waited for, and what is not: with keys at hand, on Node, a verification has nothing to wait for.

/**
 * Whatever `await` would wait for. Not asked of `instanceof Promise`: programs put another class in the place of the global
 * one (zone.js does), and async functions give the old; a verdict still to come must never be taken for a good one.
 */
export function isThenable<T, P extends PromiseLike<T>>(value: T | P): value is P {
  const mayBe = (typeof value === "object" && value !== null) || typeof value === "function";
  return mayBe && typeof (value as { then?: unknown }).then === "function";
}

/** Hands a value on at once, a promised one when it is there. What `next` throws at once is thrown at once. */
export function when<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return isThenable<T, Promise<T>>(value) ? value.then(next) : next(value);
}

const DONE = Promise.resolve();

/** Calls back when the code that runs now pauses: as queueMicrotask() does, which on Node costs twice as much. */
export function afterThisStretch(call: () => void): void {
  void DONE.then(call);
}
