// Which of the provider's tokens a JWT stands for, and which of them are gone before their time. RFC 7009 2, RFC 8693 2.2.2.

/** A JWT that went out. */
export interface IssuedToken {
  /** The provider's own name for it, known to nobody else. */
  readonly id: string;
  /** Its name in itself; the text of a token is no name, for a signature can be written in several ways. */
  readonly jti: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** The JWTs that the provider has, and those that it has no longer. */
export interface IssuedTokens {
  readonly remember: (token: string, issued: IssuedToken) => void;
  readonly find: (token: string) => IssuedToken | undefined;
  /** For the provider's storage, which has let it go: revoked, expired, or one too many. */
  readonly forget: (id: string) => void;
  /** Whether the token was let go before its time; 'unsure' while more were than can be remembered. */
  readonly isRevoked: (jti: unknown) => boolean | "unsure";
}

/** Makes empty lists; `most` of those revoked are remembered, each until it expires. */
export function createIssuedTokens(now: () => number, most = 10_000): IssuedTokens {
  const tokens = new Map<string, IssuedToken>();
  const texts = new Map<string, string>(); // by id
  const revoked = new Map<string, number>();
  let unsureUntil = 0;

  const revoke = ({ jti, expires }: IssuedToken): void => {
    if (expires <= now()) return;
    if (revoked.size >= most) for (const [name, end] of revoked) if (end <= now()) revoked.delete(name);
    if (revoked.size < most) revoked.set(jti, expires);
    else unsureUntil = Math.max(unsureUntil, expires);
  };
  return {
    remember: (token, issued) => {
      tokens.set(token, issued);
      texts.set(issued.id, token);
    },
    find: (token) => tokens.get(token),
    forget: (id) => {
      const token = texts.get(id);
      const issued = token === undefined ? undefined : tokens.get(token);
      if (token === undefined || issued === undefined) return;
      texts.delete(id);
      tokens.delete(token);
      revoke(issued);
    },
    isRevoked: (jti) => {
      if (typeof jti === "string" && revoked.has(jti)) return true;
      return now() < unsureUntil ? "unsure" : false;
    },
  };
}
