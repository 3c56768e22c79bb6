// protect(): the decision of the core as a Fastify hook. Fastify 4 and 5.
import { authorizeRequest, checkOnError, checkRouteOptions, createProtection, nodeFacts } from "@scitokens/core/http";
import type {
  Decision,
  NodeRequest,
  ProtectOptions as CoreOptions,
  Protection,
  Refusal,
  RouteOptions,
} from "@scitokens/core/http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { callProgram, writeFault } from "./program-error.js";
import { confirmRefusal, takeBack, writeRefusal } from "./reply.js";
import type { ProtectedReply } from "./reply.js";
import type { TokenCarrier } from "./token.js";

/** A request as scope functions are given it: parameters are texts, as the router found them. */
export type RouteRequest = FastifyRequest<{ Params: Record<string, string>; Querystring: Record<string, unknown> }>;

/**
 * Written to answer a refusal in an application's own way, by `reply.send()` or by returning the body; status and
 * challenge are already set on the reply. To pass the refusal on, throw it.
 */
export type ErrorHandler = (refusal: Refusal, request: RouteRequest, reply: FastifyReply) => unknown;

export type ProtectOptions<C = unknown> = CoreOptions<RouteRequest, C> & {
  /** Default: throws the refusal, so that the application's error handler sees it. */
  readonly onError?: ErrorHandler;
};

/** What a route asks for, where issuer and audience are said elsewhere. */
export type RouteConfig = RouteOptions<RouteRequest> & { readonly onError?: ErrorHandler };

/** Typed on what it needs, so that it fits the hooks of any route and leaves its types alone. */
export type ProtectHook = (request: ProtectedRequest, reply: ProtectedReply) => Promise<void>;

export interface ProtectedRequest extends TokenCarrier {
  readonly id: unknown;
  /** With the target that came in, where `rewriteUrl` or an outer application has changed `url`. */
  readonly raw: NodeRequest & { readonly originalUrl?: string };
}

/**
 * Protects a route, as its `onRequest` hook (before the body is read) or any later one: a request goes on with its
 * verified token in `request.scitoken`, or is refused by throwing the refusal.
 * @throws {TypeError} at start, for a wrong option, which it names
 * @example app.get("/data", { onRequest: protect({ issuer, audience, scope: "read:/data" }) }, () => "data")
 */
export function protect(given: ProtectOptions): ProtectHook {
  const { onError, ...options } = checkRouteOptions(given);
  return createHook(createProtection<RouteRequest>(options), checkOnError(onError));
}

export function createHook(protection: Protection<RouteRequest>, onError: ErrorHandler | undefined): ProtectHook {
  return async (request, reply) => {
    const facts = nodeFacts(request.raw, {
      request: request as ProtectedRequest & RouteRequest,
      target: request.raw.originalUrl,
      requestId: String(request.id),
    });
    let decision: Decision;
    try {
      decision = await authorizeRequest(facts, protection);
    } catch (thrown) {
      throw writeFault(reply, thrown);
    }
    if (decision.allowed) {
      takeBack(reply); // of another protect(), where any of several is enough
      request.scitoken = decision.token;
      return;
    }
    const { refusal } = decision;
    writeRefusal(reply, refusal);
    if (onError === undefined) throw refusal;
    confirmRefusal(reply);
    await answer(reply, () => onError(refusal, facts.request, reply as ProtectedReply & FastifyReply));
    // Nobody is there any more to be answered, which does not mean that the request may go on.
    if (!reply.sent) throw refusal;
  };
}

/** Fastify goes on when a hook is done, unless the answer has been sent by then: this waits until it has. */
async function answer(reply: ProtectedReply, onError: () => unknown): Promise<void> {
  const body = await callProgram(reply, onError);
  if (body !== undefined) reply.send(body);
  await reply;
}
