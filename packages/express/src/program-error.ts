// What the functions of a route throw is an error of the program, whatever it is made of.

/**
 * An error for next(): to Express, next(undefined) means "go on" and next("route") "skip", so that what is no Error must
 * never reach it as it is.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error("a function of protect() threw what is no Error", { cause: thrown });
}
