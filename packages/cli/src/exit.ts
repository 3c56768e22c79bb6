// How a command ends: 0 good, 1 refused, 2 usage or trouble.

export const EXIT = { good: 0, refused: 1, trouble: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The answer is no: the token is refused, the scope not covered. Its message has been, or will be, printed once. */
export class Refused extends Error {
  constructor(message = "") {
    super(message);
    this.name = "Refused";
  }
}

/** The command could not do its work: a wrong option, an unreadable file, an issuer that is down. */
export class Trouble extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Trouble";
  }
}
