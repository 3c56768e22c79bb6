// The two HTTP platforms of Nest: Express hands out Node's own request and response, Fastify keeps them inside its own. Rule R2.
import { applyRefusal, sendAnswer } from "@scitokens/core/http";
import type { Answer, NodeRequest, NodeResponse, Refusal } from "@scitokens/core/http";

/** What scope functions may count on, on either platform; name Express's or Fastify's own type for more. */
export interface PlatformRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** What came in, as Node saw it, and the target before mounted applications or `rewriteUrl` changed it. */
export interface Incoming {
  readonly incoming: NodeRequest;
  readonly target: string | undefined;
}

/** Undefined for what is no HTTP request. */
export function findIncoming(request: unknown): Incoming | undefined {
  if (!isObject(request)) return undefined;
  const incoming = isNodeRequest(request["raw"]) ? request["raw"] : request;
  if (!isNodeRequest(incoming)) return undefined;
  const { originalUrl } = request;
  return { incoming, target: typeof originalUrl === "string" ? originalUrl : undefined };
}

/** Sets status and challenge, so that they survive whatever filter writes the body. */
export function applyTo(response: unknown, refusal: Refusal): void {
  if (isReply(response)) setHead(response, refusal);
  else if (isNodeResponse(response)) applyRefusal(response, refusal);
}

/** Sets the challenge alone, where the status is another's. */
export function challenge(response: unknown, { headers }: Refusal): void {
  if (isAnswered(response)) return;
  if (isReply(response)) response.headers(headers);
  else if (isNodeResponse(response))
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Writes a whole answer. */
export function sendTo(response: unknown, answer: Answer): void {
  // As bytes: Fastify adds a character set to the type of a text.
  if (isReply(response)) setHead(response, answer).send(Buffer.from(answer.body));
  else if (isNodeResponse(response)) sendAnswer(response, answer);
}

/** Whether an answer can no longer be written. */
export function isAnswered(response: unknown): boolean {
  if (isReply(response)) return response.sent || response.raw.headersSent;
  return isNodeResponse(response) && response.headersSent;
}

/** What is needed of Fastify's reply. Its own methods, and not Node's response: hooks and plugins see the answer then. */
interface Reply {
  readonly sent: boolean;
  readonly raw: { readonly headersSent: boolean };
  code(status: number): Reply;
  headers(headers: Readonly<Record<string, string>>): Reply;
  send(body: Uint8Array): unknown;
}

function setHead(reply: Reply, { status, headers }: Pick<Answer, "status" | "headers">): Reply {
  return reply.code(status).headers(headers);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isNodeRequest(value: unknown): value is Readonly<Record<string, unknown>> & NodeRequest {
  return isObject(value) && Array.isArray(value["rawHeaders"]);
}

function isNodeResponse(value: unknown): value is NodeResponse {
  return isObject(value) && typeof value["setHeader"] === "function" && typeof value["end"] === "function";
}

function isReply(value: unknown): value is Reply {
  return isObject(value) && isObject(value["raw"]) && typeof value["code"] === "function";
}
