// scitokens: the plugin. Issuer and audience once, then config: { scitokens: { scope } } or app.scitokens.protect() on each route.
import type { Enforcer, SciToken } from "@scitokens/core";
import { checkOnError, checkRouteOptions, createProtections } from "@scitokens/core/http";
import type { FastifyPluginAsync } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { createMetadataRoute } from "./metadata-route.js";
import type { MetadataRoute } from "./metadata-route.js";
import { createHook } from "./protect.js";
import type { ProtectHook, ProtectOptions, RouteConfig, RouteRequest } from "./protect.js";
import { dropOverruled } from "./reply.js";
import { enforceRouteConfig } from "./route-config.js";
import { getToken } from "./token.js";
import type { TokenCarrier } from "./token.js";

export interface SciTokens {
  /** Protects a route by the plugin's options and what is given here. @throws {TypeError} for a wrong option */
  protect(options?: RouteConfig): ProtectHook;
  /** The verified token of a request. @throws {Error} where the route is not protected */
  token<Claims = {}>(request: TokenCarrier): SciToken<Claims>;
  readonly enforcer: Enforcer;
  /**
   * A route that serves this server's metadata (RFC 9728) at its well-known place; declare it where there is no prefix.
   * @throws {TypeError} when neither `resourceMetadata` nor the audience says this server's URL
   * @example app.route(app.scitokens.metadata())
   */
  metadata(): MetadataRoute;
}

declare module "fastify" {
  interface FastifyInstance {
    readonly scitokens: SciTokens;
  }
  interface FastifyContextConfig {
    /** What this route asks for; `{}` for any good token. */
    scitokens?: RouteConfig;
  }
}

const plugin: FastifyPluginAsync<ProtectOptions> = async (app, common) => {
  const { onError, ...defaults } = checkRouteOptions(common);
  if (app.hasDecorator("scitokens")) {
    throw new Error(
      "@scitokens/fastify is registered already, in this context or above it; for another issuer, register it in contexts " +
        "side by side, or use protect({ issuer, audience })",
    );
  }
  const protections = createProtections<RouteRequest, unknown>(defaults);
  const commonOnError = checkOnError(onError);
  const scitokens = Object.freeze<SciTokens>({
    enforcer: protections.enforcer,
    protect(given = {}) {
      const { onError: ownOnError = commonOnError, ...route } = checkRouteOptions(given);
      return createHook(protections.route(route), checkOnError(ownOnError));
    },
    token: (request) => getToken(request),
    metadata: () => createMetadataRoute(protections.metadata()),
  });
  app.decorate("scitokens", scitokens);
  app.decorateRequest("scitoken", undefined);
  enforceRouteConfig(app, scitokens.protect);
  app.addHook("onSend", (_request, reply, payload, done) => {
    dropOverruled(reply);
    done(null, payload);
  });
};

/**
 * What the routes of an application, or of one context of it, have in common.
 * @throws {TypeError} when it is loaded, for a wrong option, which it names
 * @example
 * await app.register(scitokens, { issuer, audience });
 * app.get("/data", { config: { scitokens: { scope: "read:/data" } } }, (request) => request.scitoken?.subject);
 */
export const scitokens: FastifyPluginAsync<ProtectOptions> = fastifyPlugin(plugin, {
  name: "@scitokens/fastify",
  fastify: "^4.23.0 || ^5.0.0",
});
