// Which of the provider's tokens a JWT stands for: so that it can be revoked, introspected and shown at userinfo.

/** A JWT that went out. */
export interface IssuedToken {
  /** The provider's own name for it, known to nobody else. */
  readonly id: string;
}

/** The JWTs that went out since the start, the oldest forgotten first. */
export interface IssuedTokens {
  readonly remember: (token: string, issued: IssuedToken) => void;
  readonly find: (token: string) => IssuedToken | undefined;
}

const MOST = 10_000;

/** Makes an empty list. */
export function createIssuedTokens(): IssuedTokens {
  const tokens = new Map<string, IssuedToken>();
  return {
    remember: (token, issued) => {
      tokens.set(token, issued);
      const [oldest] = tokens.keys();
      if (tokens.size > MOST && oldest !== undefined) tokens.delete(oldest);
    },
    find: (token) => tokens.get(token),
  };
}
