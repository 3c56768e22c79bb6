// What every place that tokens come from looks like, so that they can wrap one another.
import type { AccessToken } from "./access-token.js";

/** What a token is asked for. Whatever is left out does not matter, or is as the source has it. */
export interface TokenRequest {
  /** The service that it is for: one `aud` or several (RFC 7519 4.1.3). */
  readonly audience?: string | readonly string[] | undefined;
  /** The service as a URL, where the issuer wants it so (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined;
  /** What it must cover: `"read:/store write:/store/alice"`, or a list. */
  readonly scope?: string | readonly string[] | undefined;
  /** Who must have issued it, to the letter. */
  readonly issuer?: string | undefined;
  /** Seconds that it must still live. Default 60. */
  readonly timeLeft?: number | undefined;
  /** Whether it must be one got just now: the last was refused. Default false. */
  readonly fresh?: boolean | undefined;
  /** The token that the service did not take: a source that can but give it again says `unusable`. */
  readonly refused?: AccessToken | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A place that tokens come from. */
export interface TokenSource {
  /**
   * Gets a token.
   * @throws {TokenError} when there is none to be had; its message says why, and never holds a token or a secret
   */
  token(request?: TokenRequest): Promise<AccessToken>;
}
