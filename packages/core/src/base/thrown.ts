// What an application's functions throw and give back may be anything, and may bite whoever looks at it. Rules H3, H6, I9.

/** What an error is asked for on its way to an answer or a log. The stack comes first: V8 makes it of name and message. */
const ASKED = ["stack", "name", "message", "cause", "code", "errors", "status", "statusCode", "headers", "expose"];

/** An error that can be looked at; "bites": one, or what may be one, that throws when it is; undefined: no error. */
export function readError(thrown: unknown): Error | "bites" | undefined {
  try {
    if (!(thrown instanceof Error)) return undefined;
    for (const name of ASKED) void Reflect.get(thrown, name);
    return thrown;
  } catch {
    return "bites";
  }
}

/** The cause of another error, for logs that print it: what bites would bite them. */
export function causeOf(thrown: unknown): { readonly cause?: unknown } {
  return readError(thrown) === "bites" ? {} : { cause: thrown };
}

/** For what should be no promise, and yet may be one: its rejection would end the process if nobody heard it. */
export function listenTo(given: unknown, hear: (thrown: unknown) => void = () => {}): void {
  if (typeof given === "object" && given !== null) void hearEnd(given, hear);
}

async function hearEnd(given: unknown, hear: (thrown: unknown) => void): Promise<void> {
  try {
    await given;
  } catch (thrown) {
    hear(thrown);
  }
}
