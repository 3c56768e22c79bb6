// What a function of an application may throw: errors, what is none, and what bites whoever looks at it.
import { InvalidPathError, InvalidTokenError, IssuerUnavailableError, MissingTokenError } from "@scitokens/core";

/** What a reader asks an error for. The stack comes first: V8 makes it of name and message. */
const MEMBERS = ["stack", "name", "message", "cause", "code", "errors", "status", "statusCode", "headers", "expose"];

/** An error whose members throw what `bite` gives: itself, say. */
function biting(bite: (error: Error) => unknown): Error {
  const error = new Error("never seen");
  for (const name of MEMBERS) {
    Object.defineProperty(error, name, {
      get: () => {
        throw bite(error);
      },
    });
  }
  return error;
}

/** Throws at everything, `instanceof` included. */
function untouchable(): object {
  const bite = (): never => {
    // oxlint-disable-next-line no-throw-literal -- what is no error is the point
    throw null;
  };
  return new Proxy(new Error("never seen"), { get: bite, has: bite, getPrototypeOf: bite });
}

/** Throws undefined at one kind of question alone. */
const bitingAt = (trap: "has" | "isExtensible" | "ownKeys"): object =>
  new Proxy(new Error("never seen"), {
    [trap]: (): never => {
      // oxlint-disable-next-line no-throw-literal -- what is no error is the point
      throw undefined;
    },
  });

export const THROWN: Readonly<Record<string, unknown>> = {
  "an error": new Error("the program's own"),
  undefined: undefined,
  null: null,
  "a text": "the program's own",
  "a number": 0,
  "an object that looks like an answer": { status: 200, statusCode: 200, expose: true },
  "a refusal of another token": new InvalidTokenError("expired", "of another token"),
  "the news that another issuer is down": new IssuerUnavailableError("https://other.example.org", 7, "down"),
  "that a token is missing elsewhere": new MissingTokenError("elsewhere"),
  "that another path has no meaning": new InvalidPathError("of another request"),
  // oxlint-disable-next-line unicorn/no-thenable -- what looks like a promise is the point
  "what looks like a promise": { then: (resolve: (value: boolean) => void) => resolve(false) },
  "a frozen error": Object.freeze(new Error("the program's own")),
  "an error that throws itself when it is looked at": biting((error) => error),
  "an error that throws undefined when it is looked at": biting(() => undefined),
  "what throws null when it is touched": untouchable(),
  "an error that throws when it is asked what it has": bitingAt("has"),
  "an error that throws when it is asked whether it can grow": bitingAt("isExtensible"),
};
