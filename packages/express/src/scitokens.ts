// scitokens(): issuer and audience once, then protect({ scope }) on each route.
import type { Enforcer, SciToken } from "@scitokens/core";
import { createProtections } from "@scitokens/core/http";
import type { RouteOptions } from "@scitokens/core/http";
import type { Request } from "express";
import { checkOnError, createHandler } from "./protect.js";
import type { ErrorHandler, ProtectHandler, ProtectOptions } from "./protect.js";
import { getToken } from "./token.js";
import type { TokenCarrier } from "./token.js";

export interface SciTokens<Claims> {
  /** Protects a route by the defaults and what is given here. @throws {TypeError} for a wrong option */
  protect(options?: RouteOptions<Request> & { readonly onError?: ErrorHandler }): ProtectHandler;
  /** The verified token of a request. @throws {Error} where the route is not protected */
  token(request: TokenCarrier): SciToken<Claims>;
  readonly enforcer: Enforcer;
}

/**
 * What the routes of an application have in common.
 * @throws {TypeError} for a wrong option, which it names
 * @example
 * const auth = scitokens<{ email: string }>({ issuer, audience });
 * app.get("/data", auth.protect({ scope: "read:/data" }), (req, res) => res.json(auth.token(req).get("email")));
 */
export function scitokens<Claims = {}>({ onError, ...defaults }: ProtectOptions): SciTokens<Claims> {
  const protections = createProtections<Request>(defaults);
  const commonOnError = checkOnError(onError);
  return Object.freeze<SciTokens<Claims>>({
    enforcer: protections.enforcer,
    protect: ({ onError: ownOnError = commonOnError, ...route } = {}) =>
      createHandler(protections.route(route), checkOnError(ownOnError)),
    token: (request) => getToken<Claims>(request),
  });
}
