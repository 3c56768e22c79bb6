// How a command ends: 0 good, 1 refused, 2 usage or trouble.

export const EXIT = { good: 0, refused: 1, trouble: 2 } as const;

/** One of `EXIT`; 130 or 143 after Ctrl-C or SIGTERM; of `with`, whatever its command ended with. */
export type ExitCode = number;

/** The answer is no: the token is refused, the scope not covered. An empty message: it has been said already. */
export class Refused extends Error {
  constructor(message = "") {
    super(message);
    this.name = "Refused";
  }
}

/** The command could not do its work: a wrong option, an unreadable file, an issuer that is down. An empty message: as above. */
export class Trouble extends Error {
  constructor(message = "", options?: ErrorOptions) {
    super(message, options);
    this.name = "Trouble";
  }
}

/** Ends with the exit code of another program, of which nothing is to be said. */
export class ExitWith extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super();
    this.name = "ExitWith";
    this.exitCode = exitCode;
  }
}
