// @Protect for class-based Fastify handlers, in legacy and in TC39 mode.
import { asError, createProtectDecorator } from "@scitokens/core/http";
import type { ProtectDecorator } from "@scitokens/core/http";
import { protect } from "./protect.js";
import type { ProtectedRequest, ProtectOptions } from "./protect.js";
import type { ProtectedReply } from "./reply.js";

/**
 * Protects a handler method, or all methods of a class; what stands at a method wins over its class.
 * @throws {TypeError} for a wrong option, or at a field or accessor
 * @example
 * class Frames {
 *   @Protect({ issuer, audience, scope: "read:/frames" })
 *   list(request: FastifyRequest, reply: FastifyReply, @Token() token?: SciToken) { ... }
 * }
 */
export function Protect(options: ProtectOptions): ProtectDecorator {
  const hook = protect(options);
  return createProtectDecorator(([first, second], proceed) => {
    const request = asRequest(first);
    const reply = second as ProtectedReply;
    return hook(request, reply).then(() =>
      reply.sent ? undefined : callHandler(reply, () => proceed(request.scitoken)),
    );
  });
}

/** @throws {Error} whatever the handler throws: what is no Error, Fastify may send as an answer */
async function callHandler(reply: ProtectedReply, handler: () => unknown): Promise<unknown> {
  try {
    const body = handler();
    // A handler that returns nothing answers later, which Fastify expects of no promise: it is told when that is done.
    return await Promise.resolve(body === undefined ? reply : body);
  } catch (thrown) {
    throw asError(thrown);
  }
}

function asRequest(value: unknown): ProtectedRequest {
  const isRequest = typeof value === "object" && value !== null && "raw" in value && "routeOptions" in value;
  if (isRequest) return value as unknown as ProtectedRequest;
  throw new TypeError(
    "a protected method was called without a request; keep what is no handler in functions or #private methods",
  );
}
