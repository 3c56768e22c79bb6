// protectFetch(): the decision of the core for a web-standard Request. Rules H3, H5, H8.
import type { SciToken } from "../enforcer/sci-token.js";
import {
  authorizeRequest,
  callProgram,
  checkOnError,
  checkRouteOptions,
  createProtection,
  refusalAnswer,
} from "../http/index.js";
import type { ProtectOptions as CoreOptions, Protection, Refusal } from "../http/index.js";
import { webFacts } from "./web-request.js";
import { createResponse, withRefusal } from "./web-response.js";

/** Written to answer a refusal in an application's own way; the challenge is added to what it returns. */
export type ErrorHandler = (refusal: Refusal, request: Request) => Response | Promise<Response>;

export type ProtectOptions<Req = Request, C = {}> = CoreOptions<Req, C> & {
  /** Default: a problem document (RFC 9457). A status below 300 becomes the refusal's. */
  readonly onError?: ErrorHandler;
};

/**
 * Gives the verified token of a request, or the answer to it.
 * @param seen what scope functions are given, where that is not the Request itself: Hono's context, a route's parameters
 */
export type FetchGuard<Token, Req = Request> = (
  request: Request,
  ...seen: Request extends Req ? [seen?: Req] : [seen: Req]
) => Promise<Token | Response>;

/**
 * Protects web-standard handlers: a request gives its verified token, or the Response that refuses it. The token is
 * `undefined` where it is `optional` and none was sent.
 * @throws {TypeError} at start, for a wrong option, which it names. What a scope function, a validator or `isRevoked`
 *   throws for a request rejects the promise, as an Error
 * @example
 * const guard = protectFetch({ issuer, audience, scope: "read:/data" });
 * const token = await guard(request);
 * if (!(token instanceof SciToken)) return token; // the answer
 */
export function protectFetch<Req = Request, C = {}>(
  options: ProtectOptions<Req, C> & { readonly optional?: false; readonly mode?: "enforce" },
): FetchGuard<SciToken<C>, Req>;
export function protectFetch<Req = Request, C = {}>(
  options: ProtectOptions<Req, C>,
): FetchGuard<SciToken<C> | undefined, Req>;
export function protectFetch(given: ProtectOptions): FetchGuard<SciToken | undefined> {
  const { onError, ...options } = checkRouteOptions(given);
  return createGuard(createProtection(options), checkOnError(onError));
}

export function createGuard<Req>(
  protection: Protection<Req>,
  onError: ErrorHandler | undefined,
): FetchGuard<SciToken | undefined, Req> {
  return async (request, ...[seen]) => {
    // By its type a guard may be called without the second only where a Request will do.
    const facts = webFacts(request, seen === undefined ? (request as Req) : seen);
    const decision = await authorizeRequest(facts, protection);
    if (decision.allowed) return decision.token;
    const { refusal } = decision;
    if (onError === undefined) return createResponse(refusalAnswer(refusal), request.method);
    return withRefusal(await callProgram(() => onError(refusal, request)), refusal);
  };
}
