// What the OAuth sources have in common between a request and a token.
import { TokenError } from "../base/errors.js";
import type { ReadRequest } from "../base/token-request.js";
import type { AccessToken } from "../base/access-token.js";
import { receivedToken } from "../claims/received-token.js";
import type { OAuthOptions } from "./options.js";
import type { TokenAnswer } from "./server.js";

/** The name of a source: which grant, at which issuer. */
export function sourceName(grant: string, { issuer, tokenEndpoint }: OAuthOptions): string {
  return `${grant} at ${issuer ?? placeOf(tokenEndpoint ?? "")}`;
}

/** Without its query, where some services have a key. */
function placeOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname}`;
}

/** @throws {TokenError} `not_found` when the request is for another issuer than this source asks */
export function checkIssuer(request: ReadRequest, source: string, issuer: string | undefined): void {
  if (request.issuer === undefined || request.issuer === issuer) return;
  throw new TokenError("not_found", `${source}: a token of another issuer is asked for`, { source });
}

/** @throws {TokenError} `unusable` */
export function answeredToken(
  answer: TokenAnswer,
  request: ReadRequest,
  facts: { source: string; now: number },
): AccessToken {
  const { expiresAt, scope } = answer;
  return receivedToken(answer.accessToken, request, { ...facts, expiresAt, scope });
}
