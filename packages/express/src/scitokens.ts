// scitokens(): issuer and audience once, then protect({ scope }) on each route.
import type { Enforcer, SciToken } from "@scitokens/core";
import { checkOnError, checkRouteOptions, createProtections, sendAnswer } from "@scitokens/core/http";
import type { NodeRequest, NodeResponse, RouteOptions } from "@scitokens/core/http";
import type { Request } from "express";
import { createHandler } from "./protect.js";
import type { ErrorHandler, Next, ProtectHandler, ProtectOptions } from "./protect.js";
import { getToken } from "./token.js";
import type { TokenCarrier } from "./token.js";

export interface SciTokens<Claims> {
  /** Protects a route by the defaults and what is given here. @throws {TypeError} for a wrong option */
  protect(options?: RouteOptions<Request> & { readonly onError?: ErrorHandler }): ProtectHandler;
  /** The verified token of a request. @throws {Error} where the route is not protected */
  token(request: TokenCarrier): SciToken<Claims>;
  readonly enforcer: Enforcer<Claims>;
  /**
   * Serves this server's metadata (RFC 9728) at its well-known place, and leaves all else alone.
   * @throws {TypeError} when neither `resourceMetadata` nor the audience says this server's URL
   * @example app.use(auth.metadata())
   */
  metadata(): MetadataHandler;
}

export type MetadataHandler = (
  request: NodeRequest & { readonly originalUrl?: string },
  response: NodeResponse,
  next: Next,
) => void;

/**
 * What the routes of an application have in common.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const auth = scitokens<{ email: string }>({ issuer, audience });
 * app.get("/data", auth.protect({ scope: "read:/data" }), (req, res) => res.json(auth.token(req).get("email")));
 */
export function scitokens<Claims = {}>(common: ProtectOptions<Claims>): SciTokens<Claims> {
  const { onError, ...defaults } = checkRouteOptions(common);
  const protections = createProtections<Request, Claims>(defaults);
  const commonOnError = checkOnError(onError);
  return Object.freeze<SciTokens<Claims>>({
    enforcer: protections.enforcer,
    protect(given = {}) {
      const { onError: ownOnError = commonOnError, ...route } = checkRouteOptions(given);
      return createHandler(protections.route(route), checkOnError(ownOnError));
    },
    token: (request) => getToken<Claims>(request),
    metadata() {
      const metadata = protections.metadata();
      return ({ method = "GET", originalUrl, url = "/" }, response, next) => {
        const answer = metadata.answer(method, originalUrl ?? url);
        if (answer === undefined) next();
        else sendAnswer(response, answer);
      };
    },
  });
}
