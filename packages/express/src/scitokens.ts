// scitokens(): issuer and audience once, then protect({ scope }) on each route.
import type { Enforcer, SciToken } from "@scitokens/core";
import { createProtection } from "@scitokens/core/http";
import type { RouteOptions } from "@scitokens/core/http";
import type { Request } from "express";
import { createHandler } from "./protect.js";
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
export function scitokens<Claims = {}>(defaults: ProtectOptions): SciTokens<Claims> {
  const { enforcer } = createProtection(defaults, ["onError"]);
  const { scope, groups, optional, realm, onError } = defaults;
  const routeDefaults = definedOnly({ scope, groups, optional, realm });
  return Object.freeze<SciTokens<Claims>>({
    enforcer,
    protect(options = {}) {
      const { onError: ownOnError = onError, ...route } = options;
      return createHandler(createProtection<Request>({ ...routeDefaults, ...route, enforcer }), ownOnError);
    },
    token: (request) => getToken<Claims>(request),
  });
}

function definedOnly(options: {
  [Name in keyof RouteOptions<Request>]?: RouteOptions<Request>[Name] | undefined;
}): RouteOptions<Request> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
