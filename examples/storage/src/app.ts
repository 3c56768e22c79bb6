// A storage server for the grid that speaks WebDAV: what each token covers, to whoever bears it, and nothing else.
// Read app.ts, then, from the request to the disk:
//   handler.ts      a judged request, carried out by its method: read.ts  propfind.ts  write.ts  transfer-methods.ts
//   conditions.ts   what a request asks for beforehand, range.ts which part; failure.ts: what goes wrong, as a status
//   changes.ts      what PUT, DELETE and MKCOL do to the files; transfer.ts, copy.ts, place.ts what MOVE and COPY do
//   storage.ts      where a path leads: directory.ts, walk.ts no link is ever followed; turns.ts one change at a time
//   staging.ts      beside the files: uploads until they are whole, what is deleted until it is gone
import { fromRequest, operationOf, problemDetails, scitokens } from "@scitokens/fastify";
import type { ProtectOptions, RouteConfig } from "@scitokens/fastify";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { createHandler } from "./handler.js";
import type { Storage } from "./storage.js";

export interface StorageServer {
  /** Who is trusted, for which part of the namespace, and who this server is. */
  readonly trust: ProtectOptions;
  /** What the members of groups may do, and hosts, whose tokens name no capability. */
  readonly policy?: Pick<RouteConfig, "groups" | "hosts">;
  readonly storage: Storage;
  /** Of an upload, in bytes. */
  readonly largest?: number;
}

export async function createApp({
  trust,
  policy,
  storage,
  largest = Infinity,
}: StorageServer): Promise<FastifyInstance> {
  // A connection on which nothing moves any more holds a descriptor, or part of an upload.
  const app = Fastify({ connectionTimeout: 60_000 });
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

  const serve = createHandler({ storage, largest, onError: (error) => app.log.error(error) });
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
