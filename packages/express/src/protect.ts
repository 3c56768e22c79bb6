// protect(): the decision of the core as an Express middleware. Express 4 and 5.
import {
  applyRefusal,
  asError,
  authorizeRequest,
  callProgram,
  checkOnError,
  checkRouteOptions,
  createProtection,
  nodeFacts,
  withdrawRefusal,
} from "@scitokens/core/http";
import type {
  NodeRequest,
  NodeResponse,
  ProtectOptions as CoreOptions,
  Protection,
  Refusal,
} from "@scitokens/core/http";
import type { Request, Response } from "express";
import type { TokenCarrier } from "./token.js";

/**
 * Written to answer a refusal in an application's own way; status and challenge are already set on the response. Its
 * `next()` passes the refusal on, and never goes on to what is protected.
 */
export type ErrorHandler = (refusal: Refusal, request: Request, response: Response, next: Next) => unknown;

export type ProtectOptions<C = unknown> = CoreOptions<Request, C> & {
  /** Default: `next(refusal)`, so that the application's error handlers see it. */
  readonly onError?: ErrorHandler;
};

export type Next = (error?: unknown) => void;

/** Typed on what it needs, so that the handlers after it keep the parameter types of their route. */
export type ProtectHandler = (request: ProtectedRequest, response: NodeResponse, next: Next) => void;

export interface ProtectedRequest extends NodeRequest, TokenCarrier {
  readonly originalUrl?: string;
}

/**
 * Protects a route: a request goes on with its verified token in `req.scitoken`, or is refused through `next(error)`.
 * @throws {TypeError} at start, for a wrong option, which it names
 * @example app.get("/data", protect({ issuer, audience, scope: "read:/data" }), (req, res) => res.json(req.scitoken))
 */
export function protect(given: ProtectOptions): ProtectHandler {
  const { onError, ...options } = checkRouteOptions(given);
  return createHandler(createProtection<Request>(options), checkOnError(onError));
}

export function createHandler(protection: Protection<Request>, onError: ErrorHandler | undefined): ProtectHandler {
  return (request, response, next) => {
    const settle = async (): Promise<void> => {
      // Express rewrites `url` where routers are mounted: originalUrl is what came in.
      const facts = nodeFacts(request as ProtectedRequest & Request, { target: request.originalUrl });
      const decision = await authorizeRequest(facts, protection);
      if (decision.allowed) {
        request.scitoken = decision.token;
        return next();
      }
      const { refusal } = decision;
      applyRefusal(response, refusal);
      if (onError === undefined) return next(refusal);
      const passOn: Next = (error) => {
        const isFault = error instanceof Error && error !== refusal;
        if (isFault) withdrawRefusal(response, refusal);
        // Not null, and not "route": after app.use() Express takes both for leave to go on.
        next(isFault ? error : refusal);
      };
      await callProgram(() => onError(refusal, facts.request, response as NodeResponse & Response, passOn)).catch(
        passOn,
      );
    };
    settle().catch((thrown: unknown) => next(asError(thrown)));
  };
}
