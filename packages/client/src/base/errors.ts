// Why there is no token: one class, a code for what to do about it.

/**
 * `not_found`: this place has none; look at the next · `unusable`: there is one, but it cannot be used (not a token,
 * another's file, expired) · `unreachable`: the place cannot be asked now · `refused`: it was asked, and said no ·
 * `interaction_needed`: a person must do something first.
 */
export type TokenErrorCode = "not_found" | "unusable" | "unreachable" | "refused" | "interaction_needed";

/** No token could be had from a source. The message says why, and never holds a token or a secret. */
export class TokenError extends Error {
  readonly code: TokenErrorCode;
  /** The place that was asked, as in `AccessToken.source`. */
  readonly source: string;

  constructor(code: TokenErrorCode, message: string, options: { readonly source: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TokenError";
    this.code = code;
    this.source = options.source;
  }
}
