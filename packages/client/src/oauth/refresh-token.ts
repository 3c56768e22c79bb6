// Tokens by a refresh token that is at hand. RFC 6749 6.
import { systemClock } from "../base/clock.js";
import { checkFunction, checkText } from "../base/option-checks.js";
import { readRequest } from "../base/token-request.js";
import type { TokenSource } from "../base/token-source.js";
import { checkOAuthOptions } from "./options.js";
import type { OAuthOptions } from "./options.js";
import { createRefresher } from "./refresher.js";
import { oauthServer } from "./server.js";
import { answeredToken, checkIssuer, sourceName } from "./source.js";

/** Options of `refreshToken`. */
export interface RefreshTokenOptions extends OAuthOptions {
  /** The refresh token to begin with. */
  readonly refreshToken: string;
  /** Is given each new refresh token, to be stored before the access token that came with it is given out. */
  readonly onRefreshToken?: ((refreshToken: string) => void | Promise<void>) | undefined;
}

/**
 * Gets tokens by a refresh token, and keeps its successor where the issuer rotates it (RFC 6749 6).
 *
 * One request at a time is sent, so that no refresh token is used twice. `timeout` is in seconds, default 10.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError, `interaction_needed` once the refresh token is no longer
 * good, and whatever `onRefreshToken` throws
 * @example
 * const source = cached(refreshToken({ issuer: "https://issuer.example", clientId: "cli", refreshToken: saved, onRefreshToken: save }));
 */
export function refreshToken(options: RefreshTokenOptions): TokenSource {
  checkOAuthOptions("refreshToken", options, ["refreshToken", "onRefreshToken"]);
  checkText("refreshToken", "refreshToken", options.refreshToken);
  checkFunction("refreshToken", "onRefreshToken", options.onRefreshToken);
  const { audienceStyle = "space-separated", onRefreshToken, issuer, clock = systemClock } = options;
  const source = sourceName("refresh token", options);
  const server = oauthServer(options);
  const refresher = createRefresher({ server, source, audienceStyle, onRefreshToken }, options.refreshToken);
  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      checkIssuer(request, source, issuer);
      const answer = await refresher.refresh(request);
      return answeredToken(answer, request, { source, now: clock() });
    },
  } satisfies TokenSource);
}
