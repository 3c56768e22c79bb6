// @Protect for class-based Koa handlers, in legacy and in TC39 mode.
import { callProgram, createProtectDecorator } from "@scitokens/core/http";
import type { ProtectDecorator } from "@scitokens/core/http";
import type { Context } from "koa";
import { protect } from "./protect.js";
import type { ProtectOptions } from "./protect.js";

/**
 * Protects a handler method, or all methods of a class; what stands at a method wins over its class.
 * @throws {TypeError} for a wrong option, or at a field or accessor
 * @example
 * class Frames {
 *   @Protect({ issuer, audience, scope: "read:/frames" })
 *   list(ctx: Context, next: Next, @Token() token: SciToken) { ... }
 * }
 */
export function Protect(options: ProtectOptions): ProtectDecorator {
  const middleware = protect(options);
  return createProtectDecorator(([first], proceed) => {
    const ctx = asContext(first);
    return middleware(ctx, () => callProgram(() => proceed(ctx.state.scitoken)));
  });
}

function asContext(value: unknown): Context {
  const isContext = typeof value === "object" && value !== null && "originalUrl" in value && "state" in value;
  if (isContext) return value as Context;
  throw new TypeError(
    "a protected method was called without a context; keep what is no handler in functions or #private methods",
  );
}
