// Express, 4 or 5, under the contract.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestListener } from "node:http";
import { problemDetails, protect } from "@scitokens/express";
import type { ProtectOptions } from "@scitokens/express";
import type express from "express";
import { answer, customBody } from "./harness.js";
import type { ContractRoute, Harness, Served } from "./harness.js";

export async function listen(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** @param wildcard how this version of Express writes "and all below" */
export function expressHarness(name: string, framework: typeof express, wildcard: string): Harness {
  return {
    name,
    parameters: true,
    serve(routes) {
      const app = framework();
      app.set("env", "test"); // no log of every error
      for (const route of routes) {
        const path = route.path.replace("*", wildcard);
        app[route.method](path, protect(optionsOf(route)), (request, response) => {
          if (route.broken === true) throw new Error("the handler's own fault");
          response.type("json").send(answer(request.scitoken));
        });
      }
      app.use(problemDetails());
      return listen(app);
    },
  };
}

function optionsOf({ protect: { onError, ...options } }: ContractRoute): ProtectOptions {
  const own = onError === "custom" ? { onError: customError } : {};
  return { ...options, ...own } as ProtectOptions;
}

const customError: NonNullable<ProtectOptions["onError"]> = (refusal, _request, response) => {
  response.end(customBody(refusal));
};
