// protect(): the decision of the core as a Koa middleware. Koa 2 and 3.
import {
  authorizeRequest,
  callProgram,
  checkOnError,
  checkRouteOptions,
  createProtection,
  nodeFacts,
} from "@scitokens/core/http";
import type { ProtectOptions as CoreOptions, Protection, Refusal } from "@scitokens/core/http";
import type { Context, Next, ParameterizedContext } from "koa";
import { setHead } from "./answer.js";
import type { TokenState } from "./token.js";

/**
 * Written to answer a refusal in an application's own way; status and challenge are already set on the context.
 * It is not given `next`, which would go on to what is protected; to pass the refusal on, throw it.
 */
export type ErrorHandler = (refusal: Refusal, ctx: Context) => unknown;

export type ProtectOptions<C = unknown> = CoreOptions<Context, C> & {
  /** Default: throws the refusal, so that the application's error handling sees it. */
  readonly onError?: ErrorHandler;
};

/**
 * Fits into every application and router: the first signature takes any state, and the second, which is the one that
 * TypeScript infers from, adds the token to it for the handlers that follow, without widening the rest.
 */
export interface ProtectMiddleware {
  <State>(ctx: ParameterizedContext<State, {}>, next: Next): Promise<unknown>;
  (ctx: ParameterizedContext<TokenState, {}>, next: Next): Promise<unknown>;
}

/**
 * Protects what comes after it: a request goes on with its verified token in `ctx.state.scitoken`, or is refused by
 * throwing the refusal.
 * @throws {TypeError} at start, for a wrong option, which it names
 * @example router.get("/data", protect({ issuer, audience, scope: "read:/data" }), (ctx) => { ctx.body = "data"; })
 */
export function protect(given: ProtectOptions): ProtectMiddleware {
  const { onError, ...options } = checkRouteOptions(given);
  return createMiddleware(createProtection<Context>(options), checkOnError(onError));
}

export function createMiddleware(
  protection: Protection<Context>,
  onError: ErrorHandler | undefined,
): ProtectMiddleware {
  return async (ctx: Context, next: Next) => {
    // Mounting and routers rewrite `url` and `path`: originalUrl is what came in.
    const facts = nodeFacts(ctx.req, { request: ctx, target: ctx.originalUrl });
    const decision = await authorizeRequest(facts, protection);
    if (decision.allowed) {
      ctx.state.scitoken = decision.token;
      return next();
    }
    const { refusal } = decision;
    setHead(ctx, refusal);
    if (onError === undefined) throw refusal;
    await callProgram(() => onError(refusal, ctx));
    // Koa makes 204 of an empty body: no refused request looks like a good one.
    if (ctx.status < 300) ctx.status = refusal.status;
  };
}
