// What the types forbid and JavaScript allows: the one place where tests of the core get round the types.

/** Lets a test pass a value of a wrong type. */
export function wrong(value: unknown): never {
  return value as never;
}

/** The TypeError that an option or argument causes; anything else that is thrown, or nothing, is the test's failure. */
export function typeErrorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return "(nothing was thrown)";
}
