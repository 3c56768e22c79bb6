// Hono on Node: the protection is a middleware of the route.
import { getRequestListener } from "@hono/node-server";
import { protectFetch, SciToken } from "@scitokens/core/fetch";
import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import { jwk as jwkMiddleware } from "hono/jwk";
import { createServer } from "node:http";
import { BODY, contender, ourOptions, ROUTE, SCOPE } from "../contender.js";
import type { Contender, Trust } from "../contender.js";
import { listen } from "../listen.js";

export const contenders: readonly Contender[] = [
  contender(
    { name: "bare", role: "bare" },
    serve(() => []),
  ),
  contender(
    { name: "no-op", role: "noop" },
    serve(() => [(_context, next) => next()]),
  ),
  contender(
    { name: "@scitokens/core/fetch", role: "ours", remembers: true },
    serve((trust) => [ours(trust)]),
  ),
  contender(
    { name: "hono/jwk", role: "peer" },
    serve(({ issuer, audience, jwk }) => [
      jwkMiddleware({ keys: [jwk], alg: ["RS256"], verification: { iss: issuer, aud: audience } }),
    ]),
  ),
];

function serve(protection: (trust: Trust) => readonly MiddlewareHandler[]): Contender["start"] {
  return (trust) => {
    const app = new Hono();
    for (const middleware of protection(trust)) app.use(ROUTE, middleware);
    app.get(ROUTE, (context) => context.json(BODY));
    const handle = getRequestListener(app.fetch);
    return listen(createServer((request, response) => void handle(request, response)));
  };
}

/** Puts the token where handlers find it, or answers. */
function ours(trust: Trust): MiddlewareHandler<{ Variables: { scitoken: SciToken } }> {
  const guard = protectFetch({ ...ourOptions(trust), scope: SCOPE });
  return async (context, next) => {
    const token = await guard(context.req.raw);
    if (!(token instanceof SciToken)) return token;
    context.set("scitoken", token);
    return next();
  };
}
