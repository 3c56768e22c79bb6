// What TypeScript knows of a protected route: the token on the request, and all else as it was.
import { execFileSync } from "node:child_process";
import fastify from "fastify";
import type {
  FastifyInstance,
  FastifyRequest,
  FastifyTypeProvider,
  onRequestAsyncHookHandler,
  preHandlerAsyncHookHandler,
} from "fastify";
import { describe, expect, expectTypeOf, it } from "vitest";
import { getToken, problemDetails, protect, scitokens } from "@scitokens/fastify";
import type { ProtectOptions, RouteConfig, RouteRequest, SciToken } from "@scitokens/fastify";
import { root } from "../structure/sources.js";
import { trust } from "./fixture.js";

interface Run {
  readonly Params: { readonly run: string };
  readonly Querystring: { readonly limit?: number };
  readonly Reply: { readonly run: string };
}

interface Provider extends FastifyTypeProvider {
  readonly validator: { readonly from: unknown };
}

describe("types", () => {
  it("hold with the types of Fastify 4", () => {
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const check = (): unknown =>
      execFileSync(process.execPath, [tsc, "-p", `${root}test/fastify/fastify-4-types.json`], { encoding: "utf8" });
    expect(check).not.toThrow();
  });

  it("know the token on every request, whatever its route is declared to be", () => {
    expectTypeOf<FastifyRequest["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
    expectTypeOf<FastifyRequest<Run>["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
    expectTypeOf(getToken<{ email: string }>).returns.toEqualTypeOf<SciToken<{ email: string }>>();
    expectTypeOf<FastifyInstance["scitokens"]["token"]>().toBeCallableWith({} as FastifyRequest<Run>);
  });

  it("leave a route with its own types, in every hook and in its configuration", () => {
    const app = fastify();
    const hook = protect(trust);
    app.get<Run>("/:run", { onRequest: hook, preHandler: [hook] }, (request, reply) => {
      expectTypeOf(request.params).toEqualTypeOf<{ readonly run: string }>();
      expectTypeOf(request.query.limit).toEqualTypeOf<number | undefined>();
      expectTypeOf(request.scitoken).toEqualTypeOf<SciToken | undefined>();
      // @ts-expect-error not widened
      reply.send({ rum: "" });
    });
    app.get<Run>("/c/:run", { config: { scitokens: { scope: "read:/data" } } }, (request) => {
      expectTypeOf(request.params.run).toBeString();
      return { run: "" };
    });
    app.route<Run>({ method: "GET", url: "/r/:run", preParsing: hook, handler: () => ({ run: "" }) });
    expectTypeOf(hook).toExtend<onRequestAsyncHookHandler>();
    expectTypeOf(hook).toExtend<preHandlerAsyncHookHandler>();
  });

  it("fit applications with a type provider, and of HTTP/2", () => {
    const provided = fastify().withTypeProvider<Provider>();
    const of2 = fastify({ http2: true });
    const register = async (): Promise<void> => {
      await provided.register(scitokens, trust);
      provided.route(provided.scitokens.metadata());
      provided.get("/", { onRequest: provided.scitokens.protect() }, (request) => request.scitoken?.subject);
      provided.setErrorHandler(problemDetails());
      await of2.register(scitokens, trust);
      of2.route(of2.scitokens.metadata());
      of2.get("/", { onRequest: [of2.scitokens.protect()] }, (request) => request.scitoken?.subject);
      of2.setErrorHandler(problemDetails());
    };
    expect(register).toBeTypeOf("function");
  });

  it("give scope functions and onError the request", () => {
    const options: ProtectOptions = {
      ...trust,
      scope(request) {
        expectTypeOf(request).toEqualTypeOf<RouteRequest>();
        expectTypeOf(request.params).toEqualTypeOf<Record<string, string>>();
        return "read:/";
      },
      onError: (refusal, _request, reply) => reply.send(refusal.code),
    };
    expect(protect(options)).toBeTypeOf("function");
  });

  it("refuse wrong options", () => {
    // @ts-expect-error misspelt
    expect(() => protect({ ...trust, audiance: "x" })).toThrow(TypeError);
    // @ts-expect-error no audience
    expect(() => protect({ issuer: "https://issuer.example.org" })).toThrow(TypeError);
    // @ts-expect-error no scope
    expect(() => protect({ ...trust, scope: 5 })).toThrow(TypeError);
    // @ts-expect-error what belongs to the plugin
    const config: RouteConfig = { issuer: "https://issuer.example.org" };
    expect(config).toBeDefined();
    const app = fastify();
    // What else stands in a route's configuration TypeScript takes for a configuration of the route's own.
    // @ts-expect-error no scope
    app.get("/a", { config: { scitokens: { scope: 5 } } }, () => "");
    // @ts-expect-error undefined
    app.get("/b", { config: { scitokens: { scope: undefined } } }, () => "");
    // @ts-expect-error undefined
    app.get("/c", { config: { scitokens: undefined } }, () => "");
  });
});
