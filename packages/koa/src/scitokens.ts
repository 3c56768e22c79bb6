// scitokens(): issuer and audience once, then protect({ scope }) on each route.
import type { Enforcer, SciToken } from "@scitokens/core";
import { checkOnError, checkRouteOptions, createProtections } from "@scitokens/core/http";
import type { RouteOptions } from "@scitokens/core/http";
import type { Context, Middleware, Next } from "koa";
import { writeAnswer } from "./answer.js";
import { createMiddleware } from "./protect.js";
import type { ErrorHandler, ProtectMiddleware, ProtectOptions } from "./protect.js";
import { getToken } from "./token.js";
import type { TokenCarrier } from "./token.js";

export interface SciTokens<Claims> {
  /** Protects a route by the defaults and what is given here. @throws {TypeError} for a wrong option */
  protect(options?: RouteOptions<Context> & { readonly onError?: ErrorHandler }): ProtectMiddleware;
  /** The verified token of a request. @throws {Error} where the route is not protected */
  token(ctx: TokenCarrier): SciToken<Claims>;
  readonly enforcer: Enforcer<Claims>;
  /**
   * Serves this server's metadata (RFC 9728) at its well-known place, and leaves all else alone.
   * @throws {TypeError} when neither `resourceMetadata` nor the audience says this server's URL
   * @example app.use(auth.metadata())
   */
  metadata(): Middleware<{}, {}>;
}

/**
 * What the routes of an application have in common.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const auth = scitokens<{ email: string }>({ issuer, audience });
 * router.get("/data", auth.protect({ scope: "read:/data" }), (ctx) => { ctx.body = auth.token(ctx).get("email"); });
 */
export function scitokens<Claims = {}>(common: ProtectOptions<Claims>): SciTokens<Claims> {
  const { onError, ...defaults } = checkRouteOptions(common);
  const protections = createProtections<Context, Claims>(defaults);
  const commonOnError = checkOnError(onError);
  return Object.freeze<SciTokens<Claims>>({
    enforcer: protections.enforcer,
    protect(given = {}) {
      const { onError: ownOnError = commonOnError, ...route } = checkRouteOptions(given);
      return createMiddleware(protections.route(route), checkOnError(ownOnError));
    },
    token: (ctx) => getToken<Claims>(ctx),
    metadata() {
      const metadata = protections.metadata();
      return async (ctx: Context, next: Next) => {
        const answer = metadata.answer(ctx.method, ctx.originalUrl);
        if (answer === undefined) await next();
        else writeAnswer(ctx, answer);
      };
    },
  });
}
