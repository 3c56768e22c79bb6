// A token at hand, its raw text kept out of whatever prints it. Rule V4 holds for whoever carries a token, too.

/** What is known of an access token beside its text. */
export interface AccessTokenFacts {
  /** Where it came from, in words for a person: `BEARER_TOKEN`, `the file /tmp/bt_u1000`, `oidc-agent`. Never the token. */
  readonly source: string;
  /** When it ends, in seconds since the epoch; undefined where nobody said. */
  readonly expiresAt?: number | undefined;
  /** What it grants, where the answer that brought it said so. */
  readonly scope?: string | undefined;
}

/**
 * An access token that is at hand, and not verified: a client sends tokens, and judges none.
 *
 * Its text is in `value` alone: JSON, `util.inspect`, a template string and a spread leave it out.
 */
export class AccessToken implements AccessTokenFacts {
  readonly #value: string;
  readonly source: string;
  readonly expiresAt: number | undefined;
  readonly scope: string | undefined;

  constructor(value: string, facts: AccessTokenFacts) {
    this.#value = value;
    this.source = facts.source;
    this.expiresAt = facts.expiresAt;
    this.scope = facts.scope;
    // Told to show what is hidden and to run getters, `util.inspect` would run the one below.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => this.toString() });
    Object.freeze(this);
  }

  /** The token itself, for a header or a file of its own. */
  get value(): string {
    return this.#value;
  }

  toString(): string {
    return `[access token from ${this.source}]`;
  }

  toJSON(): AccessTokenFacts {
    return { source: this.source, expiresAt: this.expiresAt, scope: this.scope };
  }
}
