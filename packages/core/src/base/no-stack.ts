// Errors that are verdicts: where in the library they were reached tells nobody anything, and finding out costs more than
// most verdicts do.

/** An error without a stack: for what is expected, of requests that may come by the million. */
export class NoStackError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    const { stackTraceLimit } = Error;
    // Not by an assignment, which would throw where a program has frozen Error.
    Reflect.set(Error, "stackTraceLimit", 0);
    super(message, options);
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}
