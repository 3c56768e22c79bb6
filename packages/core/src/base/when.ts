// What is waited for, and what is not: with keys at hand, on Node, a verification has nothing to wait for.

/** Hands a value on at once, a promised one when it is there. What `next` throws at once is thrown at once. */
export function when<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

const DONE = Promise.resolve();

/** Calls back when the code that runs now pauses: as queueMicrotask() does, which on Node costs twice as much. */
export function afterThisStretch(call: () => void): void {
  void DONE.then(call);
}
