// A class-based Fastify handler with legacy decorators (experimentalDecorators), and the token as a parameter.
import Fastify from "fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Protect, SciToken, Token } from "@scitokens/fastify";
import { checkService, report } from "./check-answers.js";

report(
  checkService(async (trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      async list(_request: FastifyRequest, _reply: FastifyReply, @Token() token?: SciToken): Promise<object> {
        return { subject: token?.subject };
      }
    }
    const data = new Data();
    const app = Fastify();
    app.get("/data", (request, reply) => data.list(request, reply));
    await app.ready();
    return (request, response) => app.routing(request, response);
  }),
);
