// Fastify, 4 or 5, under the contract: protected by hooks, and by the configuration of routes.
import { randomUUID } from "node:crypto";
import { problemDetails, protect, scitokens } from "@scitokens/fastify";
import type { ProtectOptions, RouteConfig } from "@scitokens/fastify";
import Fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from "fastify";
import fastify4 from "fastify4";
import { answer, breakDown, customBody, OWN_PAGE } from "./harness.js";
import type { ContractOptions, ContractRoute, Harness, Served } from "./harness.js";

/** Declares a route in a context of its own, protected in one of Fastify's ways. */
type Declare = (context: FastifyInstance, route: ContractRoute, path: string) => unknown;

export const ways: Readonly<Record<"hook" | "config", Declare>> = {
  hook: (context, route, path) =>
    declare(context, route, { path, options: { onRequest: protect(optionsOf(route.protect)) } }),
  // The plugin is not awaited: the route is declared before it is loaded.
  config(context, route, path) {
    const [trust, config] = split(optionsOf(route.protect));
    context.register(scitokens, trust);
    declare(context, route, { path, options: { config: { scitokens: config } } });
  },
};

const versions = { "Fastify 4": fastify4 as unknown as typeof Fastify, "Fastify 5": Fastify };

export const fastifyHarnesses = (): readonly Harness[] =>
  Object.entries(versions).flatMap(([name, framework]) => [
    fastifyHarness(`${name}, by hooks`, framework, ways.hook),
    fastifyHarness(`${name}, by the configuration of routes`, framework, ways.config),
  ]);

export function fastifyHarness(name: string, framework: typeof Fastify, way: Declare): Harness {
  return {
    name,
    parameters: true,
    errorHandlers: true,
    webStandard: false,
    async serve(routes, { errors = "problem", metadata } = {}) {
      const app = createApplication(framework);
      if (errors === "problem") app.setErrorHandler(problemDetails());
      if (errors === "own") app.setErrorHandler(ownPage);
      if (metadata !== undefined) {
        await app.register(async (context) => {
          await context.register(scitokens, optionsOf(metadata));
          context.route(context.scitokens.metadata());
        });
      }
      for (const route of routes) {
        const { mountedAt = "" } = route;
        app.register(async (context) => way(context, route, route.path.slice(mountedAt.length)), { prefix: mountedAt });
      }
      return listen(app);
    },
  };
}

export function createApplication(framework: typeof Fastify): FastifyInstance {
  const app = framework({ genReqId: () => randomUUID(), forceCloseConnections: true });
  // Fastify 4 knows the methods of WebDAV by itself.
  if ("addHttpMethod" in app) for (const method of WEBDAV) app.addHttpMethod(method, { hasBody: true });
  return app;
}

const WEBDAV = ["PROPFIND", "PROPPATCH", "MKCOL", "MOVE", "COPY", "LOCK"];

async function listen(app: FastifyInstance): Promise<Served> {
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { port: Number(new URL(url).port), close: () => app.close() };
}

interface Declared {
  readonly path: string;
  readonly options: RouteShorthandOptions;
}

function declare(context: FastifyInstance, route: ContractRoute, { path, options }: Declared): void {
  context[route.method](path, options, async (request, reply) => {
    if (route.broken !== undefined) return breakDown(route.broken);
    return reply
      .type("application/json")
      .send(answer(route, { token: request.scitoken, target: request.raw.url ?? "", request }));
  });
}

function optionsOf({ onError, ...options }: ContractOptions): ProtectOptions {
  const own = onError === "custom" ? { onError: customError } : {};
  return { ...options, ...own };
}

const ofRoutes: readonly string[] = ["scope", "groups", "optional", "realm", "resourceMetadata", "onError"];

/** Who is trusted, and what the route asks for. */
function split(options: ProtectOptions): readonly [ProtectOptions, RouteConfig] {
  const entries = Object.entries(options);
  const own = ([name]: readonly [string, unknown]): boolean => ofRoutes.includes(name);
  return [
    Object.fromEntries(entries.filter((entry) => !own(entry))) as unknown as ProtectOptions,
    Object.fromEntries(entries.filter(own)),
  ];
}

const customError: NonNullable<ProtectOptions["onError"]> = (refusal) => customBody(refusal);

function ownPage(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  if ((error as { readonly statusCode?: number }).statusCode === undefined) reply.code(500);
  reply.send(OWN_PAGE);
}
