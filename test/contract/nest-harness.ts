// Nest, on Express or on Fastify, under the contract: a controller made of the routes.
import "reflect-metadata";
import { All, Catch, Controller, Get, Head, Module, Options, Put, Req, UseFilters } from "@nestjs/common";
import type { ArgumentsHost, DynamicModule, ExceptionFilter, INestApplication, Type } from "@nestjs/common";
import { NestFactory, RouterModule } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { problemDetails, Protect, RefusedException, SciTokensModule } from "@scitokens/nest";
import type { ProtectOptions, SciToken } from "@scitokens/nest";
import { trust } from "./fixture.js";
import { answer, breakDown, customBody, OWN_PAGE } from "./harness.js";
import type { ContractOptions, ContractRequest, ContractRoute, Harness, Served } from "./harness.js";

export type Platform = "express" | "fastify";

const verbs = { get: Get, put: Put, head: Head, options: Options, all: All };

/** On both platforms. */
export function nestHarnesses(): readonly Harness[] {
  // Nest 10 brings Express 4, which writes "and all below" otherwise.
  const wildcard = "lazyrouter" in new ExpressAdapter().getInstance() ? "*" : "*below";
  return [nestHarness("Nest on Express", "express", wildcard), nestHarness("Nest on Fastify", "fastify", "*")];
}

/** @param wildcard how this version of the platform writes "and all below" */
export function nestHarness(name: string, platform: Platform, wildcard: string): Harness {
  return {
    name,
    parameters: true,
    errorHandlers: true,
    webStandard: false,
    async serve(routes, { errors = "problem", metadata } = {}) {
      const modules = routes.map((route) => moduleOf(route, wildcard));
      const app = await createApplication(platform, rootModule(modules, metadata ?? trust));
      const filters = { problem: [problemDetails()], framework: [], own: [new OwnPage()] }[errors];
      app.useGlobalFilters(...filters);
      await app.listen(0, "127.0.0.1");
      return served(app);
    },
  };
}

/** Unlogged. Fastify's bodies are left to the handlers: it would read them before any guard is asked. */
export async function createApplication(platform: Platform, module: DynamicModule | Type): Promise<INestApplication> {
  const options = { logger: false, abortOnError: false } as const;
  if (platform === "express") return NestFactory.create(module, new ExpressAdapter(), options);
  const adapter = new FastifyAdapter();
  const fastify = adapter.getInstance();
  // Fastify 4, of Nest 10, knows the methods of WebDAV by itself.
  if ("addHttpMethod" in fastify) for (const method of WEBDAV) fastify.addHttpMethod(method);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", (_request: unknown, payload: unknown, done: (e: null, p: unknown) => void) =>
    done(null, payload),
  );
  return NestFactory.create(module, adapter, { ...options, bodyParser: false });
}

const WEBDAV = ["PROPFIND", "PROPPATCH", "MKCOL", "MOVE", "COPY", "LOCK"];

async function served(app: INestApplication): Promise<Served> {
  const server = app.getHttpServer() as { address(): { port: number }; closeAllConnections(): void };
  return {
    port: server.address().port,
    async close() {
      server.closeAllConnections();
      await app.close();
    },
  };
}

interface Mounted {
  readonly module: Type;
  readonly mountedAt: string | undefined;
}

/** Each route is a module of its own, which Nest's router mounts. */
function moduleOf(route: ContractRoute, wildcard: string): Mounted {
  class Routes {
    reach(request: { readonly scitoken?: SciToken; readonly originalUrl: string }): unknown {
      if (route.broken !== undefined) return breakDown(route.broken);
      return answer(route, { token: request.scitoken, target: request.originalUrl, request });
    }
  }
  const { mountedAt = "" } = route;
  const path = route.path.slice(mountedAt.length).replace("*", wildcard);
  const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, "reach") as PropertyDescriptor;
  verbs[route.method](path)(Routes.prototype, "reach", descriptor);
  Protect(optionsOf(route.protect))(Routes.prototype, "reach", descriptor);
  if (route.protect.onError === "custom") UseFilters(CustomBody)(Routes.prototype, "reach", descriptor);
  Req()(Routes.prototype, "reach", 0);
  Controller()(Routes);
  class RoutesModule {
    readonly path = path;
  }
  Module({ controllers: [Routes] })(RoutesModule);
  return { module: RoutesModule, mountedAt: route.mountedAt };
}

function rootModule(mounted: readonly Mounted[], defaults: ContractOptions): DynamicModule {
  class Root {
    readonly routes = mounted.length;
  }
  return {
    module: Root,
    imports: [
      SciTokensModule.forRoot(optionsOf(defaults)),
      ...mounted.map(({ module }) => module),
      RouterModule.register(
        mounted.flatMap(({ module, mountedAt }) => (mountedAt === undefined ? [] : [{ path: mountedAt, module }])),
      ),
    ],
  };
}

function optionsOf(given: ContractOptions): ProtectOptions<ContractRequest> {
  const { onError: _, ...options } = given;
  return options;
}

interface Answering {
  send(body: string): unknown;
  status(status: number): Answering;
}

/** A filter of a route's own. */
@Catch(RefusedException)
class CustomBody implements ExceptionFilter<RefusedException> {
  catch({ refusal }: RefusedException, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Answering>().send(customBody(refusal));
  }
}

@Catch()
class OwnPage implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Answering>();
    if (!(exception instanceof RefusedException)) response.status(500);
    response.send(OWN_PAGE);
  }
}
