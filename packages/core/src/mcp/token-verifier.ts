// An enforcer as the OAuthTokenVerifier of the MCP TypeScript SDK, which is known here by its shape alone. Rules H3, H4, I9.
import { checkOptionNames } from "../base/option-names.js";
import type { Enforcer } from "../enforcer/enforcer-type.js";
import type { EnforcerOptions } from "../enforcer/option-types.js";
import { ENFORCER_OPTION_NAMES } from "../enforcer/options.js";
import { asError, authorizeRequest, checkRouteOptions, createProtection } from "../http/index.js";
import { describeToken } from "./auth-info.js";
import type { TokenInfo } from "./auth-info.js";

/** Who is trusted, or an enforcer that the application owns; and how a refused token is told to the SDK. */
export type TokenVerifierOptions<C = {}> = (
  | EnforcerOptions<C>
  | EnforcerOptions
  | { readonly enforcer: Enforcer<C> }
) & {
  /**
   * Makes the SDK's own error for a token that was refused: it takes anything else for a fault of the server (500).
   * The message is constant text, and holds nothing of the token.
   * @example (message) => new OAuthError(OAuthErrorCode.InvalidToken, message) // version 2
   * @example (message) => new InvalidTokenError(message) // version 1
   */
  readonly refuse: (message: string) => Error;
};

export interface TokenVerifier<C = {}> {
  /**
   * Verifies a token, and says what is known of it.
   * @throws what `refuse` makes, for a token that was refused; a `Refusal` (503) where its issuer's keys cannot be had, as
   *   it was not judged: the SDK answers 500, and never 401
   */
  verifyAccessToken(token: string): Promise<TokenInfo<C>>;
}

/**
 * Makes a verifier for the SDK's `requireBearerAuth({ verifier })`. It verifies; what a token allows, each tool asks.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const refuse = (message) => new OAuthError(OAuthErrorCode.InvalidToken, message);
 * app.use("/mcp", requireBearerAuth({ verifier: createTokenVerifier({ issuer, audience, refuse }) }));
 */
export function createTokenVerifier<C = {}>(options: TokenVerifierOptions<C>): TokenVerifier<C> {
  const names = "enforcer" in options ? ["enforcer"] : ENFORCER_OPTION_NAMES;
  checkOptionNames("createTokenVerifier", options, ["refuse", ...names]);
  const { refuse, ...trust } = checkRouteOptions(options);
  if (typeof refuse !== "function") {
    throw new TypeError("refuse: expected a function, as (message) => new OAuthError('invalid_token', message)");
  }
  const protection = createProtection<undefined>(trust);
  return Object.freeze<TokenVerifier<C>>({
    async verifyAccessToken(raw) {
      // The decision of every adapter, with its events (H6): of the request nothing is known here, and nothing asked.
      const facts = { method: "POST", target: "/", authorization: [`Bearer ${raw}`], request: undefined };
      const decision = await authorizeRequest(facts, protection).catch(throwFault);
      if (!decision.allowed) {
        const { refusal } = decision;
        throw refusal.code === "issuer_unavailable" ? refusal : asError(refuse(refusal.message));
      }
      if (decision.token === undefined) throw asError(refuse("an access token is needed")); // by types alone
      return describeToken(raw, decision.token, protection.decider.names.audiences) as TokenInfo<C>;
    },
  });
}

/** An error of the SDK's that a hook threw would be answered as if it were of this token, and its text with it. */
function throwFault(cause: unknown): never {
  throw new Error("a function of the application failed", { cause });
}
