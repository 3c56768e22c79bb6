// A storage server for the grid that speaks WebDAV: what a token covers, to whoever bears it, and nothing else. It needs Linux.
// Read app.ts first, and then from the request down to the disk:
//   handler.ts      carries a judged request out, by its method: read.ts, propfind.ts (list.ts), put.ts, remove.ts, make-collection.ts,
//                   move.ts with copy.ts; exchange.ts is what each of them is given
//   conditions.ts   what is asked of the state before it; failure.ts: what goes wrong, as a status
//   storage.ts      where a path leads (path.ts), in turns (turns.ts); directory.ts: why no link is ever followed
//   place.ts        from one place to another in one step; upload.ts and staging.ts: beside the files, until they are whole
import { fromRequest, operationOf, problemDetails, scitokens } from "@scitokens/fastify";
import type { ProtectOptions, RouteConfig } from "@scitokens/fastify";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { createHandler } from "./handler.js";
import type { HandlerOptions } from "./handler.js";

export interface StorageServer extends Omit<HandlerOptions, "onError"> {
  /** Who is trusted, for which part of the namespace, and who this server is. */
  readonly trust: ProtectOptions;
  /** What the members of groups may do, and hosts, whose tokens name no capability. */
  readonly policy?: Pick<RouteConfig, "groups" | "hosts">;
}

export async function createApp({ trust, policy, ...options }: StorageServer): Promise<FastifyInstance> {
  const app = Fastify();
  for (const method of ["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE"]) app.addHttpMethod(method);
  // Bodies are left alone: the handler streams them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null));
  // Otherwise Node would give leave to send before the token is looked at.
  app.server.on("checkContinue", (request, response) => app.server.emit("request", request, response));
  app.setErrorHandler(problemDetails());
  await app.register(scitokens, trust);

  // Open to everybody.
  app.get("/health", () => ({ service: "storage", status: "up" }));
  app.route(app.scitokens.metadata());

  const { storage } = options;
  const serve = createHandler({ ...options, onError: console.error });
  app.route({
    method: app.supportedMethods,
    url: "/*",
    config: { scitokens: { scope: fromRequest({ exists: storage.exists, kind: storage.kind }), ...policy } },
    async handler(request, reply) {
      const operation = operationOf(request);
      if (operation === undefined) throw new Error("expected an operation, which fromRequest() has judged");
      reply.hijack();
      await serve(request.raw, reply.raw, operation);
    },
  });
  return app;
}
