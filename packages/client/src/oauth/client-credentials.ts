// A service's own token. RFC 6749 4.4.
import { systemClock } from "../base/clock.js";
import { readRequest } from "../base/token-request.js";
import type { TokenSource } from "../base/token-source.js";
import { checkOAuthOptions } from "./options.js";
import type { OAuthOptions } from "./options.js";
import { tokenParameters } from "./parameters.js";
import { oauthServer } from "./server.js";
import { answeredToken, checkIssuer, sourceName } from "./source.js";

/** Options of `clientCredentials`; `issuer` or `tokenEndpoint` is needed. */
export type ClientCredentialsOptions = OAuthOptions;

/**
 * Gets tokens for a service by its client id and secret (RFC 6749 4.4).
 *
 * Each `token()` asks the issuer: wrap it in `cached()`. `timeout` is in seconds, default 10.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError
 * @example
 * const source = cached(clientCredentials({ issuer: "https://issuer.example", clientId: "robot", clientSecret, scope: "read:/store" }));
 * const token = await source.token({ audience: "https://data.example" });
 */
export function clientCredentials(options: ClientCredentialsOptions): TokenSource {
  checkOAuthOptions("clientCredentials", options);
  const { audienceStyle = "space-separated", issuer, clock = systemClock } = options;
  const server = oauthServer(options);
  const source = sourceName("client credentials", options);
  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      checkIssuer(request, source, issuer);
      const parameters = tokenParameters(request, audienceStyle);
      const answer = await server.grant("client_credentials", parameters, { source, signal: request.signal });
      return answeredToken(answer, request, { source, now: clock() });
    },
  } satisfies TokenSource);
}
