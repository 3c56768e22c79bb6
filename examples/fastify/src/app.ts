// A data origin like those of the OSDF, the Open Science Data Federation: each file to the tokens that cover its path.
import { createReadStream } from "node:fs";
import { fromRequest, problemDetails, requestPath, scitokens } from "@scitokens/fastify";
import type { ProtectOptions } from "@scitokens/fastify";
import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { findFile } from "./find-file.js";

export interface Origin {
  /** Who is trusted, for which part of the namespace, and who this origin is. */
  readonly trust: ProtectOptions;
  /** Where the files are, as in the namespace. */
  readonly directory: string;
}

export async function createApp({ trust, directory }: Origin): Promise<FastifyInstance> {
  const app = Fastify();
  app.setErrorHandler(problemDetails());
  await app.register(scitokens, trust);

  // Open to everybody.
  app.get("/health", () => ({ service: "origin", status: "up" }));
  app.route(app.scitokens.metadata());

  // A token with read:/ligo opens /igwn/ligo and all below: its paths begin where the issuer's area does.
  app.route({
    method: ["GET", "HEAD"],
    url: "/igwn/*",
    config: { scitokens: { scope: fromRequest() } },
    async handler(request, reply) {
      // Serve the path that was judged, decoded by the same function.
      const file = await findFile(directory, requestPath(request.originalUrl));
      if (file === undefined) return reply.code(404).send({ error: "no such file" });
      reply.type("application/octet-stream").header("Content-Length", file.size);
      return reply.send(request.method === "HEAD" ? undefined : createReadStream(file.path));
    },
  });
  return app;
}
