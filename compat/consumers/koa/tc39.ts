// A class-based Koa handler with the decorators of the language (TC39).
import Koa from "koa";
import type { Context, Next } from "koa";
import { getToken, Protect } from "@scitokens/koa";
import { checkService, report } from "./check-answers.js";

report(
  checkService((trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      async list(ctx: Context, _next: Next): Promise<void> {
        ctx.body = { subject: getToken(ctx).subject };
      }
    }
    const data = new Data();
    const app = new Koa();
    app.use((ctx, next) => data.list(ctx, next));
    return app.callback();
  }),
);
