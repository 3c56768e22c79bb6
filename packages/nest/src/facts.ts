// What a decision is made on, in each kind of context. Rules H1, H2, R2.
import type { ExecutionContext } from "@nestjs/common";
import { callProgram, nodeFacts } from "@scitokens/core/http";
import type { RequestFacts } from "@scitokens/core/http";
import { graphqlContext, graphqlIncoming } from "./graphql-context.js";
import { findIncoming, isObject, member } from "./platform.js";
import type { Incoming } from "./platform.js";
import type { Credentials } from "./settings.js";

/** @throws {Error} in a kind of context of which nobody says where its credentials are */
export async function readFacts(
  context: ExecutionContext,
  credentials: Credentials | undefined,
): Promise<RequestFacts> {
  const type = context.getType<string>();
  if (type === "http") return httpFacts(context.switchToHttp().getRequest<unknown>());
  const given = checkLines(await callProgram(() => credentials?.(context)));
  if (given !== undefined) return messageFacts(context, given);
  switch (type) {
    case "graphql":
      return carriedFacts(context, graphqlIncoming(graphqlContext(context)));
    case "ws":
      // socket.io keeps the handshake's request there; with ws, handleConnection() may put it there.
      return carriedFacts(context, findIncoming(member(context.getArgByIndex(0), "request")));
    case "rpc":
      return messageFacts(context, metadataLines(context.getArgByIndex(1)));
    default:
      throw new Error(`the guard knows no '${type}' contexts: say with the option 'credentials' where a token is`);
  }
}

function httpFacts(request: unknown): RequestFacts {
  const found = findIncoming(request);
  if (found === undefined) throw new TypeError("the guard was called without a request of Express or Fastify");
  return nodeFacts(found.incoming, { request, target: found.target });
}

/** Of a message whose credentials came with an HTTP request: its query, its handshake. */
function carriedFacts(context: ExecutionContext, found: Incoming | undefined): RequestFacts {
  if (found === undefined) return messageFacts(context, []);
  return nodeFacts<unknown>(found.incoming, { request: context, target: found.target });
}

/** Of a message that is no HTTP request: it has no method and no path that a rule could ask for. */
function messageFacts(context: ExecutionContext, authorization: readonly string[]): RequestFacts {
  return { method: context.getType<string>(), target: "", authorization, request: context };
}

/** The metadata of a gRPC call. Other transports have no place for credentials that is always the same. */
function metadataLines(metadata: unknown): readonly string[] {
  if (!isObject(metadata) || typeof metadata["get"] !== "function" || typeof metadata["getMap"] !== "function")
    return [];
  const values: unknown = Reflect.apply(metadata["get"], metadata, ["authorization"]);
  return Array.isArray(values) ? values.map(String) : [];
}

/** @throws {TypeError} */
function checkLines(given: unknown): readonly string[] | undefined {
  if (given === undefined || typeof given === "string") return given === undefined ? undefined : [given];
  if (Array.isArray(given) && given.every((line): line is string => typeof line === "string")) return given;
  throw new TypeError("credentials: expected it to return 'Bearer <token>', a list of such, or undefined");
}
