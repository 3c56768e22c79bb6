// Awaited only where there is something to wait for: with keys at hand, on Node, a verification has nothing.

/** Hands a value on at once, a promised one when it is there. What `next` throws at once is thrown at once. */
export function when<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
