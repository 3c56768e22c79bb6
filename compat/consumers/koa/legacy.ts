// A class-based Koa handler with legacy decorators (experimentalDecorators), and the token as a parameter.
import Koa from "koa";
import type { Context, Next } from "koa";
import { Protect, SciToken, Token } from "@scitokens/koa";
import { checkService, report } from "./check-answers.js";

report(
  checkService((trust) => {
    class Data {
      @Protect({ ...trust, scope: "read:/data" })
      async list(ctx: Context, _next: Next, @Token() token?: SciToken): Promise<void> {
        ctx.body = { subject: token?.subject };
      }
    }
    const data = new Data();
    const app = new Koa();
    app.use((ctx, next) => data.list(ctx, next));
    return app.callback();
  }),
);
