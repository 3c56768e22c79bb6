// Node's own request and response, which Express, Koa and Fastify all hold inside. Rules H2, H5, R2.
import { refusalAnswer } from "./answer.js";
import type { Answer } from "./answer.js";
import type { RequestFacts } from "./authorize-request.js";
import type { Refusal } from "./refusal.js";

/** What is needed of Node's IncomingMessage (http and http2). */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly authorization?: string | undefined;
  };
}

/** What is needed of Node's ServerResponse. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
  end(body: string): unknown;
}

/** What a framework knows of a request beyond Node. */
export interface SeenRequest<Req> {
  /** What scope functions are given. Default: Node's request. */
  readonly request?: Req;
  /** The raw target, where the framework has rewritten `url`. */
  readonly target?: string | undefined;
  /** Named in events and in the body of a refusal. */
  readonly requestId?: string;
}

/**
 * The facts of a request of Node's.
 * @example nodeFacts(req, { target: req.originalUrl }); nodeFacts(ctx.req, { request: ctx })
 */
export function nodeFacts<Req extends NodeRequest>(incoming: Req, seen?: SeenRequest<undefined>): RequestFacts<Req>;
export function nodeFacts<Req>(incoming: NodeRequest, seen: SeenRequest<Req> & { request: Req }): RequestFacts<Req>;
export function nodeFacts(incoming: NodeRequest, seen: SeenRequest<unknown> = {}): RequestFacts {
  const { request = incoming, target = incoming.url ?? "/", requestId } = seen;
  const method = incoming.method ?? "GET";
  const authorization = authorizationLines(incoming);
  const header = (name: string): readonly string[] => headerLines(incoming, name);
  return requestId === undefined
    ? { method, target, authorization, header, request }
    : { method, target, authorization, header, request, requestId };
}

/** Every line of a header: Node's `headers` joins some and keeps the first of others. HTTP/2 has another name for `host`. */
function headerLines({ rawHeaders, headers }: NodeRequest, name: string): readonly string[] {
  const names = name === "host" ? [name, ":authority"] : [name];
  const lines: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (names.includes(rawHeaders[i]?.toLowerCase() ?? "")) lines.push(rawHeaders[i + 1] ?? "");
  }
  const parsed: unknown = rawHeaders.length === 0 ? headers[name] : undefined;
  if (typeof parsed === "string") lines.push(parsed);
  return lines;
}

/** Every line: Node's `headers` keeps the first of several and says nothing of the others. */
function authorizationLines({ rawHeaders, headers }: NodeRequest): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 13 && rawHeaders[i]?.toLowerCase() === "authorization")
      lines.push(rawHeaders[i + 1] ?? "");
  }
  // A request that did not come through Node's parser (a serverless adapter) may have no raw headers.
  if (rawHeaders.length === 0 && headers.authorization !== undefined) lines.push(headers.authorization);
  return lines;
}

/** Sets status and headers of a refusal, so that they survive whoever writes the body. */
export function applyRefusal(response: NodeResponse, refusal: Refusal): void {
  if (!response.headersSent) setHead(response, refusal);
}

/** Takes back what `applyRefusal` set, where something else than the refusal will be answered. */
export function withdrawRefusal(response: NodeResponse, { status, headers }: Refusal): void {
  if (response.headersSent) return;
  if (response.statusCode === status) response.statusCode = 200;
  for (const name of Object.keys(headers)) response.removeHeader(name);
}

/** Writes an answer. */
export function sendAnswer(response: NodeResponse, answer: Answer): void {
  if (!response.headersSent) setHead(response, answer);
  response.end(answer.body);
}

/** Writes a refusal: status, headers and the problem document. */
export function sendRefusal(response: NodeResponse, refusal: Refusal): void {
  sendAnswer(response, refusalAnswer(refusal));
}

function setHead(response: NodeResponse, { status, headers }: Pick<Answer, "status" | "headers">): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
