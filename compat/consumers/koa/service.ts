// A Koa service as a user writes it: one route, and the types that reach its handler.
import KoaRouter from "@koa/router";
import Koa from "koa";
import { getToken, problemDetails, protect, scitokens } from "@scitokens/koa";
import type { SciToken } from "@scitokens/koa";
import { checkService, report } from "./check-answers.js";
import { sameType } from "./same-type.js";

report(
  checkService((trust) => {
    const auth = scitokens<{ email: string }>(trust);
    const router = new KoaRouter();
    router.get("/data", protect({ ...trust, scope: "read:/data" }), (ctx) => {
      const { scitoken } = ctx.state;
      sameType<typeof scitoken, SciToken | undefined>(true);
      ctx.body = { subject: getToken(ctx).subject };
    });
    router.get("/email", auth.protect({ scope: "read:/data" }), (ctx) => {
      const { email } = auth.token(ctx).claims;
      sameType<typeof email, string>(true);
      ctx.body = { email };
    });
    const app = new Koa();
    app.use(problemDetails());
    app.use(router.routes());
    return app.callback();
  }),
);
