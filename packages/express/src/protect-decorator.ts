// @Protect for class-based Express handlers, in legacy and in TC39 mode.
import { asError, createProtectDecorator } from "@scitokens/core/http";
import type { NodeResponse, ProtectDecorator } from "@scitokens/core/http";
import { protect } from "./protect.js";
import type { Next, ProtectedRequest, ProtectOptions } from "./protect.js";

/**
 * Protects a handler method, or all methods of a class; what stands at a method wins over its class.
 * @throws {TypeError} for a wrong option, or at a field or accessor
 * @example
 * class Frames {
 *   @Protect({ issuer, audience, scope: "read:/frames" })
 *   list(req: Request, res: Response, @Token() token: SciToken) { ... }
 * }
 */
export function Protect(options: ProtectOptions): ProtectDecorator {
  const handler = protect(options);
  return createProtectDecorator(([request, response, next], proceed) => {
    const carrier = asRequest(request);
    const goOn = asNext(next);
    handler(carrier, response as NodeResponse, (error) => {
      if (error === undefined) callHandler(() => proceed(carrier.scitoken), goOn);
      else goOn(error);
    });
  });
}

/** The handler now runs later than Express called it: what it throws must find its way back, in Express 4 too. */
function callHandler(handler: () => unknown, next: Next): void {
  const settle = async (): Promise<void> => void (await handler());
  settle().catch((thrown: unknown) => next(asError(thrown)));
}

function asNext(value: unknown): Next {
  if (typeof value === "function") return value as Next;
  throw new TypeError(
    "a protected method was called without next; pass it on, as (req, res, next) => frames.list(req, res, next)",
  );
}

function asRequest(value: unknown): ProtectedRequest {
  if (typeof value === "object" && value !== null && "rawHeaders" in value) return value as ProtectedRequest;
  throw new TypeError(
    "a protected method was called without a request; keep what is no handler in functions or #private methods",
  );
}
