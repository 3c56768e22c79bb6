// What is measured: a way to verify a token, how it is called in a timed batch, and how by itself.

export interface Contender {
  readonly name: string;
  /** Whether it judges claims; raw verifications look at the signature alone. */
  readonly readsClaims: boolean;
  /** Throws for a bad token; gives the `jti` of a good one, if it reads claims. */
  verify(token: string): unknown;
  /** Not timed: prepares the batch that is timed, one call after the other. */
  prepare(tokens: readonly string[]): () => void | Promise<void>;
  /** Not timed: prepares calls that can be under way beside each other. */
  calls(tokens: readonly string[]): readonly (() => unknown)[];
}

/** How a library is called, and what is looked at in its answer. */
export interface Calls<Answer, Result> {
  readonly verify: (token: string) => Answer;
  readonly jti: (result: Result) => unknown;
}

/** A verifier that answers at once. */
export function synchronous<Result>(name: string, { verify, jti }: Calls<Result, Result>): Contender {
  return {
    name,
    readsClaims: true,
    verify: (token) => jti(verify(token)),
    prepare(tokens) {
      const texts = tokens.map(asFromHeader);
      return () => {
        for (const text of texts) verify(text);
      };
    },
    calls: (tokens) => tokens.map(asFromHeader).map((text) => () => verify(text)),
  };
}

/**
 * A verifier that answers with a promise.
 * @param use what is done with each result, and timed with it
 */
export function asynchronous<Result>(
  name: string,
  { verify, jti }: Calls<Promise<Result>, Result>,
  use?: (result: Result) => void,
): Contender {
  return {
    name,
    readsClaims: true,
    async verify(token) {
      const result = await verify(token);
      use?.(result);
      return jti(result);
    },
    prepare(tokens) {
      const texts = tokens.map(asFromHeader);
      if (use === undefined) {
        return async () => {
          for (const text of texts) await verify(text);
        };
      }
      return async () => {
        for (const text of texts) use(await verify(text));
      };
    },
    calls: (tokens) => tokens.map(asFromHeader).map((text) => () => verify(text)),
  };
}

/** The token as a server has it: cut from a header read from bytes, its hash unknown to V8. */
export function asFromHeader(token: string): string {
  return Buffer.from(`Bearer ${token}`, "latin1").toString("latin1").slice("Bearer ".length);
}
