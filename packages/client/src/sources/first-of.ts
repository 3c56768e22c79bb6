// Several sources, one after the other.
import type { AccessToken } from "../base/access-token.js";
import { TokenError } from "../base/errors.js";
import type { TokenErrorCode } from "../base/errors.js";
import type { TokenRequest, TokenSource } from "../base/token-source.js";

/**
 * The first of these sources that has a token, asked in their order each time. Any TokenError leads to the next one:
 * a source that is down, or that holds a token of the wrong audience, does not keep the others from being asked.
 * @throws {TypeError} when there is none, or one that is no source. Its `token()` throws a TokenError whose message has
 *   a sentence for each source; its code is that of the first one that had more to say than `not_found`
 * @example firstOf(environmentTokens(), oidcAgent({ account: "wlcg" }))
 */
export function firstOf(...sources: readonly TokenSource[]): TokenSource {
  if (sources.length === 0) throw new TypeError("firstOf: expected at least one source");
  if (!sources.every((source: TokenSource | undefined) => typeof source?.token === "function")) {
    throw new TypeError("firstOf: expected sources: what environmentTokens(), tokenFile() and the like return");
  }
  return { token: (request) => tokenOfFirst(sources, request) };
}

async function tokenOfFirst(sources: readonly TokenSource[], request?: TokenRequest): Promise<AccessToken> {
  const errors: TokenError[] = [];
  for (const source of sources) {
    request?.signal?.throwIfAborted();
    try {
      return await source.token(request);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      errors.push(error);
    }
  }
  const message = [...new Set(errors.map((error) => error.message))].join("; ");
  throw new TokenError(codeOf(errors), message, { source: errors.map((error) => error.source).join(", ") });
}

function codeOf(errors: readonly TokenError[]): TokenErrorCode {
  return errors.find(({ code }) => code !== "not_found")?.code ?? "not_found";
}
