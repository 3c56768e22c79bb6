// A Fastify service as a user writes it: the plugin, a route by its configuration, and the types that reach its handler.
import Fastify from "fastify";
import { getToken, protect, scitokens } from "@scitokens/fastify";
import type { SciToken } from "@scitokens/fastify";
import { checkService, report } from "./check-answers.js";
import { sameType } from "./same-type.js";

report(
  checkService(async (trust) => {
    const app = Fastify();
    await app.register(scitokens, trust);
    app.get("/data", { config: { scitokens: { scope: "read:/data" } } }, async (request) => {
      sameType<typeof request.scitoken, SciToken | undefined>(true);
      return { subject: getToken(request).subject };
    });
    app.get("/alone", { onRequest: protect({ ...trust, scope: "read:/data" }) }, async (request) => {
      return { subject: request.scitoken?.subject };
    });
    app.get("/plugin", { onRequest: app.scitokens.protect({ scope: "read:/data" }) }, async () => ({}));
    await app.ready();
    return (request, response) => app.routing(request, response);
  }),
);
