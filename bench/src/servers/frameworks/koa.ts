// Koa 3: the protection is a middleware before the one that answers.
import { protect } from "@scitokens/koa";
import Koa from "koa";
import type { Middleware } from "koa";
import koaJwt from "koa-jwt";
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
    serve(() => [(_ctx, next) => next()]),
  ),
  contender(
    { name: "@scitokens/koa", role: "ours", remembers: true },
    serve((trust) => [protect({ ...ourOptions(trust), scope: SCOPE })]),
  ),
  contender(
    { name: "koa-jwt", role: "peer" },
    serve(({ issuer, audience, pem }) => [koaJwt({ secret: pem, issuer, audience, algorithms: ["RS256"] })]),
  ),
];

function serve(protection: (trust: Trust) => readonly Middleware[]): Contender["start"] {
  return (trust) => {
    const app = new Koa();
    for (const middleware of protection(trust)) app.use(middleware);
    app.use((ctx) => {
      if (ctx.path === ROUTE) ctx.body = BODY;
    });
    const handle = app.callback();
    return listen(createServer((request, response) => void handle(request, response)));
  };
}
