// What is measured: a way to verify a token, and how it is called in a timed batch.

export interface Contender {
  readonly name: string;
  /** Whether it judges claims; raw verifications look at the signature alone. */
  readonly readsClaims: boolean;
  /** Throws for a bad token; gives the `jti` of a good one, if it reads claims. */
  verify(token: string): unknown;
  /** Not timed: prepares the batch that is timed. */
  prepare(tokens: readonly string[]): () => void | Promise<void>;
}

/** A verifier that answers at once. */
export function synchronous(name: string, verify: (token: string) => unknown): Contender {
  return {
    name,
    readsClaims: true,
    verify,
    prepare(tokens) {
      const texts = tokens.map(asFromHeader);
      return () => {
        for (const text of texts) verify(text);
      };
    },
  };
}

/** A verifier that answers with a promise; one call at a time. */
export function asynchronous(name: string, verify: (token: string) => Promise<unknown>): Contender {
  return {
    name,
    readsClaims: true,
    verify,
    prepare(tokens) {
      const texts = tokens.map(asFromHeader);
      return async () => {
        for (const text of texts) await verify(text);
      };
    },
  };
}

/** The token as a server has it: cut from a header read from bytes, its hash unknown to V8. */
function asFromHeader(token: string): string {
  return Buffer.from(`Bearer ${token}`, "latin1").toString("latin1").slice("Bearer ".length);
}
