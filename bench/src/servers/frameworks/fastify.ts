// Fastify 5: the protection is a hook of the route, before the body is read.
import fastifyJwt from "@fastify/jwt";
import { problemDetails, protect } from "@scitokens/fastify";
import Fastify from "fastify";
import type { FastifyInstance, RouteShorthandOptions } from "fastify";
import { BODY, contender, ourOptions, ROUTE, SCOPE } from "../contender.js";
import type { Contender, Trust } from "../contender.js";

export const contenders: readonly Contender[] = [
  contender(
    { name: "bare", role: "bare" },
    serve(async () => ({})),
  ),
  contender(
    { name: "no-op", role: "noop" },
    serve(async () => ({ onRequest: (_request, _reply, done) => done() })),
  ),
  contender(
    { name: "@scitokens/fastify", role: "ours", remembers: true },
    serve(async (app, trust) => {
      app.setErrorHandler(problemDetails());
      return { onRequest: protect({ ...ourOptions(trust), scope: SCOPE }) };
    }),
  ),
  contender(
    { name: "@fastify/jwt", role: "peer" },
    serve((app, trust) => withJwt(app, trust, false)),
  ),
  contender(
    { name: "@fastify/jwt, cache of 10,000", role: "peer", remembers: true },
    serve((app, trust) => withJwt(app, trust, 10_000)),
  ),
];

/** @param protection registers what it needs, and gives the options of the route */
function serve(protection: (app: FastifyInstance, trust: Trust) => Promise<RouteShorthandOptions>): Contender["start"] {
  return async (trust) => {
    const app = Fastify();
    app.get(ROUTE, await protection(app, trust), async () => BODY);
    return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
  };
}

async function withJwt(
  app: FastifyInstance,
  { issuer, audience, pem }: Trust,
  cache: number | false,
): Promise<RouteShorthandOptions> {
  await app.register(fastifyJwt, {
    secret: { public: pem },
    verify: { algorithms: ["RS256"], allowedIss: issuer, allowedAud: audience, cache },
  });
  return { onRequest: (request) => request.jwtVerify() };
}
