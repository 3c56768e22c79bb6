// Express, 4 or 5, under the contract.
import { problemDetails, protect, scitokens } from "@scitokens/express";
import type { ProtectOptions } from "@scitokens/express";
import express from "express";
import type { ErrorRequestHandler, RequestHandler, Router } from "express";
import express4 from "express4";
import { answer, breakDown, customBody, OWN_PAGE } from "./harness.js";
import type { ContractOptions, ContractRoute, Harness } from "./harness.js";
import { listen } from "./listen.js";

export const expressHarnesses = (): readonly Harness[] => [
  expressHarness("Express 4", express4 as unknown as typeof express, "*"),
  expressHarness("Express 5", express, "*below"),
];

/** @param wildcard how this version of Express writes "and all below" */
export function expressHarness(name: string, framework: typeof express, wildcard: string): Harness {
  return {
    name,
    parameters: true,
    errorHandlers: true,
    webStandard: false,
    serve(routes, { errors = "problem", metadata } = {}) {
      const app = framework();
      app.set("env", "test"); // no log of every error
      if (metadata !== undefined) app.use(scitokens(optionsOf(metadata)).metadata());
      for (const route of routes) {
        const { mountedAt = "" } = route;
        const router: Router = mountedAt === "" ? app : framework.Router();
        if (mountedAt !== "") app.use(mountedAt, router);
        const path = route.path.slice(mountedAt.length).replace("*", wildcard);
        router[route.method](path, protect(optionsOf(route.protect)), handlerOf(route));
      }
      if (errors === "problem") app.use(problemDetails());
      if (errors === "own") app.use(ownPage);
      return listen(app);
    },
  };
}

function handlerOf(route: ContractRoute): RequestHandler {
  return (request, response, next) => {
    // Express 4 knows nothing of promises: its handlers pass on what they reject with.
    if (route.broken !== undefined) return void breakDown(route.broken).catch(next);
    response.type("json").send(answer(route, { token: request.scitoken, target: request.originalUrl, request }));
  };
}

function optionsOf({ onError, ...options }: ContractOptions): ProtectOptions<{}> {
  const own = onError === "custom" ? { onError: customError } : {};
  return { ...options, ...own } as ProtectOptions<{}>;
}

const customError: NonNullable<ProtectOptions["onError"]> = (refusal, _request, response) => {
  response.end(customBody(refusal));
};

const ownPage: ErrorRequestHandler = (error: { readonly status?: number }, _request, response, _next) => {
  if (error.status === undefined) response.status(500);
  response.send(OWN_PAGE);
};
