// Refusals as application/problem+json, for applications without an error page of their own. RFC 9457.
import { Refusal, refusalAnswer } from "@scitokens/core/http";
import type { Context, Middleware, Next } from "koa";
import { writeAnswer } from "./answer.js";

/**
 * A middleware that answers refusals with a problem document, and leaves every other error to whoever is above it.
 * Without it (and without error handling of the application's own) Koa answers in plain text, with the same status and
 * challenge.
 * @example app.use(problemDetails()) // before the routes
 */
export function problemDetails(): Middleware<{}, {}> {
  return async (ctx: Context, next: Next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof Refusal) || ctx.headerSent) throw error;
      writeAnswer(ctx, refusalAnswer(error));
    }
  };
}
