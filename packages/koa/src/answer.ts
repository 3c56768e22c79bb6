// Answers of the core, written by way of Koa: what its context was not told, it writes over. Rule H5.
import type { Answer } from "@scitokens/core/http";
import type { Context } from "koa";

/** Sets status and headers, so that they survive whoever writes the body. */
export function setHead(ctx: Context, { status, headers }: Pick<Answer, "status" | "headers">): void {
  // Set on Node's response, the status would be gone with the first `ctx.body = ...`.
  ctx.status = status;
  ctx.set(headers);
}

export function writeAnswer(ctx: Context, answer: Answer): void {
  setHead(ctx, answer);
  ctx.body = answer.body;
}
