// What the context of a GraphQL query holds, as the servers for Nest make it.
import type { ExecutionContext } from "@nestjs/common";
import { findIncoming, member } from "./platform.js";
import type { Incoming } from "./platform.js";

/** What stands before `info`: a query has (root, args, context, info), a reference (reference, context, info). */
export function graphqlContext(context: ExecutionContext): unknown {
  return context.getArgs<unknown[]>().at(-2);
}

/** Of Apollo on Express and on Fastify; of Mercurius; of a subscription over graphql-ws: the request of its handshake. */
export function graphqlIncoming(context: unknown): Incoming | undefined {
  const req = member(context, "req");
  const places = [req, member(member(context, "reply"), "request"), handshake(req), handshake(context)];
  return places.map(findIncoming).find((found) => found !== undefined);
}

/** Undefined for a subscription. */
export function graphqlResponse(context: unknown): unknown {
  return member(context, "res") ?? member(context, "reply") ?? member(member(context, "req"), "res");
}

/** Nest's driver for Apollo calls the whole context of graphql-ws `req`. */
function handshake(context: unknown): unknown {
  return member(member(context, "extra"), "request");
}
