// Web-standard servers under the contract: Hono on Node, and a bare handler of Requests.
import { getRequestListener } from "@hono/node-server";
import { protectFetch, scitokens } from "@scitokens/core/fetch";
import type { ErrorHandler, FetchGuard, MetadataHandler, ProtectOptions, SciToken } from "@scitokens/core/fetch";
import { Hono } from "hono";
import type { Context, MiddlewareHandler } from "hono";
import { answer, breakDown, customBody } from "./harness.js";
import type { ContractOptions, ContractRequest, ContractRoute, Harness } from "./harness.js";
import { listen } from "./listen.js";
import { serveWeb } from "./web-bridge.js";

interface Env {
  Variables: { scitoken: SciToken | undefined };
}

// Refusals are Responses, which nobody throws: no error handler of the framework's or of the application's sees them.
const webStandard = { errorHandlers: false, webStandard: true } as const;

/** The bare handler first, with the runtime's own Request and Response: Hono's server puts others in their place. */
export const fetchHarnesses = (): readonly Harness[] => [bareHarness, honoHarness];

export const honoHarness: Harness = {
  ...webStandard,
  name: "Hono",
  parameters: true,
  serve(routes, { metadata } = {}) {
    const app = new Hono<Env>();
    app.onError((_error, c) => c.text("Internal Server Error", 500)); // Hono's own, which would log each error
    if (metadata !== undefined) {
      const tell = metadataOf(metadata);
      app.use(async (c, next) => tell(c.req.raw) ?? next());
    }
    for (const route of routes) {
      const { method, mountedAt = "" } = route;
      const path = route.path.slice(mountedAt.length);
      // To Hono a HEAD request is a GET one without the body.
      const verb = method === "head" ? "get" : method;
      const router = new Hono<Env>()[verb](path, protectHono(route.protect), (c) => handle(c, route));
      app.route(mountedAt === "" ? "/" : mountedAt, router);
    }
    const listener = getRequestListener(app.fetch);
    return listen((request, response) => void listener(request, response));
  },
};

function protectHono(options: ContractOptions): MiddlewareHandler<Env> {
  const guard = protectFetch<ContractRequest>(optionsOf(options));
  return async (c, next) => {
    const token = await guard(c.req.raw, { params: c.req.param() });
    if (token instanceof Response) return token;
    c.set("scitoken", token);
    await next();
  };
}

async function handle(c: Context<Env>, route: ContractRoute): Promise<Response> {
  if (route.broken !== undefined) return breakDown(route.broken);
  return c.body(answer(route, { token: c.get("scitoken"), target: pathOf(c.req.raw), request: c.req.raw }), {
    headers: { "Content-Type": "application/json" },
  });
}

export const bareHarness: Harness = {
  ...webStandard,
  name: "a bare handler of Requests",
  parameters: false,
  serve(routes, { metadata } = {}) {
    const tell = metadata && metadataOf(metadata);
    const guarded = routes.map((route) => ({ route, guard: protectFetch(optionsOf<Request>(route.protect)) }));
    return serveWeb(async (request) => {
      const found = guarded.find(({ route }) => matches(route, request));
      return tell?.(request) ?? (found === undefined ? new Response(null, { status: 404 }) : reach(found, request));
    });
  },
};

interface Guarded {
  readonly route: ContractRoute;
  readonly guard: FetchGuard<SciToken | undefined>;
}

async function reach({ route, guard }: Guarded, request: Request): Promise<Response> {
  const token = await guard(request);
  if (token instanceof Response) return token;
  if (route.broken !== undefined) return breakDown(route.broken);
  return new Response(answer(route, { token, target: pathOf(request), request }), {
    headers: { "Content-Type": "application/json" },
  });
}

function metadataOf(options: ContractOptions): MetadataHandler {
  return scitokens({ ...optionsOf<Request>(options), optional: false, mode: "enforce" }).metadata();
}

function optionsOf<Req>({ onError, ...options }: ContractOptions): ProtectOptions<Req> {
  // A body alone: its status is 200, as that of every Response that says none.
  const customError: ErrorHandler = (refusal) => new Response(customBody(refusal));
  return { ...options, ...(onError === "custom" && { onError: customError }) } as ProtectOptions<Req>;
}

/** The target as it is left of a web-standard request. */
const pathOf = ({ url }: Request): string => new URL(url).pathname;

function matches({ method, path }: ContractRoute, request: Request): boolean {
  const asked = request.method.toLowerCase();
  if (method !== "all" && method !== asked && !(method === "get" && asked === "head")) return false;
  const { pathname } = new URL(request.url);
  return path.endsWith("*") ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
}
