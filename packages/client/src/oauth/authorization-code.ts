// Tokens for a program on a person's own machine: the browser comes back to a port of it. RFC 6749 4.1, 7636, 8252.
import { DeadlineError, within } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import { isLoopback } from "../base/loopback.js";
import { checkFunction, checkSeconds } from "../base/option-checks.js";
import { readUrl } from "../base/safe-url.js";
import type { TokenSource } from "../base/token-source.js";
import { askOnce, checkLoginOptions, LOGIN_OPTION_NAMES } from "./ask-once.js";
import type { LoginOptions } from "./ask-once.js";
import { listenForRedirect } from "./loopback-redirect.js";
import { checkOAuthOptions } from "./options.js";
import { tokenParameters } from "./parameters.js";

/** Options of `authorizationCode`. */
export interface AuthorizationCodeOptions extends LoginOptions {
  /** Opens the page in a browser, or shows its address. */
  readonly openUrl: (url: string) => void | Promise<void>;
  /** A loopback address; without a port any free one is taken (RFC 8252 7.3). Default: http://127.0.0.1/callback. */
  readonly redirectUri?: string | undefined;
  /** Seconds that a person has. Default 300. */
  readonly loginTimeout?: number | undefined;
}

/**
 * Gets tokens that a person grants in a browser on this machine (RFC 8252, with PKCE), and by the refresh token from then on.
 *
 * `timeout` is in seconds, default 10, for one answer of the issuer; `loginTimeout`, default 300, for the person.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError: `refused` when the person says no, `interaction_needed`
 * when nobody comes back in time
 * @example
 * const source = authorizationCode({ issuer: "https://issuer.example", clientId: "cli", scope: "read:/", openUrl: (url) => console.log(url) });
 */
export function authorizationCode(options: AuthorizationCodeOptions): TokenSource {
  const where = "authorizationCode";
  checkOAuthOptions(where, options, [...LOGIN_OPTION_NAMES, "openUrl", "redirectUri", "loginTimeout"]);
  checkLoginOptions(where, options);
  if (options.openUrl === undefined) throw new TypeError(`${where}: openUrl must be a function that opens the page`);
  checkFunction(where, "openUrl", options.openUrl);
  checkSeconds(where, "loginTimeout", options.loginTimeout);
  const { openUrl, loginTimeout = 300, audienceStyle = "space-separated" } = options;
  const redirect = readUrl(where, "redirectUri", options.redirectUri ?? "http://127.0.0.1/callback");
  if (redirect.protocol !== "http:" || !isLoopback(redirect) || redirect.search !== "") {
    throw new TypeError(`${where}: redirectUri must be http, on a loopback address, without a query`);
  }
  return askOnce("authorization code", options, async (server, request, call) => {
    const listener = await listenForRedirect(redirect, call.source);
    try {
      const parameters = tokenParameters(request, audienceStyle);
      parameters.set("redirect_uri", listener.redirectUri);
      // OpenID Connect Core 11: without it, offline_access is to be ignored.
      if (request.scope.includes("offline_access")) parameters.set("prompt", "consent");
      const started = await server.startCode(parameters, call);
      const returned = await within({ seconds: loginTimeout, signal: call.signal }, async () => {
        const coming = listener.returned(started.state);
        await openUrl(started.url.href);
        return coming;
      }).catch((error: unknown) => {
        if (!(error instanceof DeadlineError)) throw error;
        const sentence = `${call.source}: nobody came back from the browser within ${loginTimeout} s`;
        throw new TokenError("interaction_needed", sentence, { source: call.source });
      });
      const secrets = [returned.searchParams.get("code") ?? "", started.verifier];
      return await server.finishCode(returned, started, { ...call, secrets });
    } finally {
      listener.close();
    }
  });
}
