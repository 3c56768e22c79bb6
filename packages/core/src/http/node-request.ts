// Node's own request and response, which Express, Koa and Fastify all hold inside. Rules H2, H5, R2.
import type { RequestFacts } from "./authorize-request.js";
import { PROBLEM_TYPE } from "./refusal.js";
import type { Refusal } from "./refusal.js";

/** What is needed of Node's IncomingMessage (http and http2). */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: { readonly authorization?: string | undefined };
}

/** What is needed of Node's ServerResponse. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/**
 * The facts of a request of Node's.
 * @param request what scope functions are given: the framework's request
 * @param target the raw target, where the framework has rewritten `url`
 */
export function nodeFacts<Req extends NodeRequest>(
  request: Req,
  target: string = request.url ?? "/",
): RequestFacts<Req> {
  return { method: request.method ?? "GET", target, authorization: authorizationLines(request), request };
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
  if (response.headersSent) return;
  response.statusCode = refusal.status;
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
}

/** Writes a refusal: status, headers and the problem document. */
export function sendRefusal(response: NodeResponse, refusal: Refusal): void {
  applyRefusal(response, refusal);
  if (!response.headersSent) response.setHeader("Content-Type", PROBLEM_TYPE);
  response.end(JSON.stringify(refusal.problem));
}
