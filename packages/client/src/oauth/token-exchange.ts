// A token for a token: narrower, or for another service. RFC 8693.
import { systemClock } from "../base/clock.js";
import { checkChoice } from "../base/option-checks.js";
import { readRequest } from "../base/token-request.js";
import type { TokenSource } from "../base/token-source.js";
import { checkOAuthOptions } from "./options.js";
import type { OAuthOptions } from "./options.js";
import { tokenParameters } from "./parameters.js";
import { oauthServer } from "./server.js";
import { answeredToken, checkIssuer, sourceName } from "./source.js";

const GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
const TYPE = "urn:ietf:params:oauth:token-type:";

/** Options of `tokenExchange`. */
export interface TokenExchangeOptions extends OAuthOptions {
  /** Where the token that is given in exchange comes from. */
  readonly subject: TokenSource;
  /** What kind of token `subject` gives (RFC 8693 3). Default: access_token. */
  readonly subjectType?: "access_token" | "jwt" | undefined;
  /** What kind is asked for. Default: nothing is said, and the issuer chooses. */
  readonly requestedType?: "access_token" | "jwt" | undefined;
}

/**
 * Exchanges the token of another source at an issuer: for a narrower scope, or another audience (RFC 8693).
 *
 * Several audiences are repeated, as RFC 8693 has it; `audienceStyle` says otherwise. `timeout` is in seconds, default 10.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError, that of `subject` included
 * @example
 * const narrow = tokenExchange({ issuer: "https://issuer.example", clientId: "portal", clientSecret, subject: environmentTokens() });
 * const token = await narrow.token({ audience: "https://data.example", scope: "read:/store/run7" });
 */
export function tokenExchange(options: TokenExchangeOptions): TokenSource {
  checkOAuthOptions("tokenExchange", options, ["subject", "subjectType", "requestedType"]);
  const { subject, subjectType, requestedType, audienceStyle = "repeated", issuer, clock = systemClock } = options;
  if (typeof subject?.token !== "function") throw new TypeError("tokenExchange: subject must be a source of tokens");
  checkChoice("tokenExchange", "subjectType", { value: subjectType, known: ["access_token", "jwt"] });
  checkChoice("tokenExchange", "requestedType", { value: requestedType, known: ["access_token", "jwt"] });
  const server = oauthServer(options);
  const source = sourceName("token exchange", options);
  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      const { signal } = request;
      checkIssuer(request, source, issuer);
      const given = (await subject.token({ signal })).value;
      const parameters = tokenParameters(request, audienceStyle);
      parameters.set("subject_token", given);
      parameters.set("subject_token_type", TYPE + (subjectType ?? "access_token"));
      if (requestedType !== undefined) parameters.set("requested_token_type", TYPE + requestedType);
      const answer = await server.grant(GRANT, parameters, { source, signal, secrets: [given] });
      return answeredToken(answer, request, { source, now: clock() });
    },
  } satisfies TokenSource);
}
