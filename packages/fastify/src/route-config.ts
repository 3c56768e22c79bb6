// What routes say in config.scitokens: checked where they are declared, enforced before their body is read.
import { checkRouteOptions } from "@scitokens/core/http";
import type { FastifyInstance, RouteOptions } from "fastify";
import { isConfigured, nameOf, routesBelow } from "./declared-routes.js";
import type { ProtectHook, RouteConfig } from "./protect.js";

/** @param protect makes the hook of a route; throws for a wrong option */
export function enforceRouteConfig(app: FastifyInstance, protect: (config: RouteConfig) => ProtectHook): void {
  const hooks = new WeakMap<object, ProtectHook>();

  /** By the object, which Fastify hands on as it was given, to the HEAD route beside a GET one too. */
  const hookOf = (given: unknown): ProtectHook => {
    const config = checkRouteOptions(given as RouteConfig);
    const known = hooks.get(config);
    if (known !== undefined) return known;
    const hook = protect(config);
    hooks.set(config, hook);
    return hook;
  };

  const check = (route: RouteOptions): void => {
    try {
      if (isConfigured(route)) hookOf(route.config?.scitokens);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new TypeError(`${nameOf(route)}: config.scitokens: ${error.message}`, { cause: error });
    }
  };

  app.addHook("onRoute", check);
  // Routes that were declared before the plugin was loaded.
  app.addHook("onReady", async () => routesBelow(app).forEach(({ route }) => check(route)));
  app.addHook("onRequest", (request, reply, done) => {
    const { config } = request.routeOptions;
    if (Object.hasOwn(config, "scitokens")) return hookOf(config.scitokens)(request, reply);
    return done();
  });
}
