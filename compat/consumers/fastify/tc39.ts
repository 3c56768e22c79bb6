// A class-based Fastify handler with the decorators of the language (TC39).
import Fastify from "fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import { getToken, Protect } from "@scitokens/fastify";
import { checkService, report } from "./check-answers.js";

report(
  checkService(async (trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      async list(request: FastifyRequest, _reply: FastifyReply): Promise<object> {
        return { subject: getToken(request).subject };
      }
    }
    const data = new Data();
    const app = Fastify();
    app.get("/data", (request, reply) => data.list(request, reply));
    await app.ready();
    return (request, response) => app.routing(request, response);
  }),
);
