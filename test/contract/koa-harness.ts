// Koa, 2 or 3, with its router and its mounting, under the contract.
import { Router } from "@koa/router";
import { problemDetails, protect, scitokens } from "@scitokens/koa";
import type { ProtectOptions } from "@scitokens/koa";
import Koa from "koa";
import type { Middleware } from "koa";
import koa2 from "koa2";
import mount from "koa-mount";
import { answer, breakDown, customBody, OWN_PAGE } from "./harness.js";
import type { ContractOptions, ContractRoute, Harness } from "./harness.js";
import { listen } from "./listen.js";

export const koaHarnesses = (): readonly Harness[] => [
  koaHarness("Koa 2", koa2 as unknown as typeof Koa),
  koaHarness("Koa 3", Koa),
];

export function koaHarness(name: string, Application: typeof Koa): Harness {
  return {
    name,
    parameters: true,
    errorHandlers: true,
    webStandard: false,
    serve(routes, { errors = "problem", metadata } = {}) {
      const app = new Application();
      app.silent = true; // no log of every error
      if (errors === "problem") app.use(problemDetails());
      if (errors === "own") app.use(ownPage);
      if (metadata !== undefined) app.use(scitokens(optionsOf(metadata)).metadata());
      for (const route of routes) {
        const { method, mountedAt = "" } = route;
        const path = route.path.slice(mountedAt.length).replace("*", "*below");
        const router = new Router()[method](path, protect(optionsOf(route.protect)), handlerOf(route));
        app.use(mountedAt === "" ? router.routes() : mount(mountedAt, new Application().use(router.routes())));
      }
      return listen((request, response) => void app.callback()(request, response));
    },
  };
}

function handlerOf(route: ContractRoute): Middleware {
  return (ctx) => {
    if (route.broken !== undefined) return breakDown(route.broken);
    ctx.type = "json";
    ctx.body = answer(route, { token: ctx.state.scitoken, target: ctx.originalUrl, request: ctx });
    return undefined;
  };
}

function optionsOf({ onError, ...options }: ContractOptions): ProtectOptions<{}> {
  const own = onError === "custom" ? { onError: customError } : {};
  return { ...options, ...own } as ProtectOptions<{}>;
}

const customError: NonNullable<ProtectOptions["onError"]> = (refusal, ctx) => {
  ctx.body = customBody(refusal);
};

const ownPage: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if ((error as { readonly status?: number }).status === undefined) ctx.status = 500;
    ctx.body = OWN_PAGE;
  }
};
