// A segment database like DQSegDB, which tells analysts when the data of gravitational-wave detectors can be trusted.
import { Router } from "@koa/router";
import { problemDetails, scitokens } from "@scitokens/koa";
import type { ProtectOptions } from "@scitokens/koa";
import Koa from "koa";
import { createFlags } from "./flags.js";
import { readSegments } from "./segments.js";

const FLAG = "/dq/:ifo/:flag/:version";

/** Who is trusted, and who this service is; the routes add what they ask for. */
export function createApp(trust: ProtectOptions): Koa {
  const auth = scitokens(trust);
  const flags = createFlags();
  const read = auth.protect({ scope: "dqsegdb.read" });
  const create = auth.protect({ scope: "dqsegdb.create" });
  const router = new Router();

  // Open to everybody.
  router.get("/", (ctx) => {
    ctx.body = { service: "segments", try: ["/dq/H1/DMT-ANALYSIS_READY/1"] };
  });

  // When a flag was on: [start, end) in GPS seconds.
  router.get(FLAG, read, (ctx) => {
    const flag = flags.find(ctx.params) ?? ctx.throw(404, "no such flag");
    ctx.body = { ...ctx.params, ...flag };
  });

  // A new version of a flag. The body is read only for whoever may write.
  router.put(FLAG, create, async (ctx) => {
    const active = await readSegments(ctx);
    if (flags.find(ctx.params)) ctx.throw(409, "the flag is there; PATCH adds segments to it");
    ctx.body = flags.add(ctx.params, { active, by: auth.token(ctx).subject });
    ctx.status = 201;
  });

  // More segments of a flag that is there.
  router.patch(FLAG, create, async (ctx) => {
    const active = await readSegments(ctx);
    if (!flags.find(ctx.params)) ctx.throw(404, "no such flag");
    ctx.body = flags.add(ctx.params, { active, by: auth.token(ctx).subject });
  });

  const app = new Koa();
  app.use(problemDetails());
  app.use(auth.metadata());
  app.use(router.routes());
  return app;
}
