// Node's own server, without a framework.
import { createServer } from "node:http";
import type { RequestListener, ServerResponse } from "node:http";
import { authorizeRequest, createProtection, nodeFacts, sendRefusal } from "@scitokens/core/http";
import { BODY, contender, ourOptions, SCOPE } from "../contender.js";
import type { Contender, Trust } from "../contender.js";
import { listen } from "../listen.js";

export const contenders: readonly Contender[] = [
  contender(
    { name: "bare", role: "bare" },
    serve(() => (_request, response) => handle(response)),
  ),
  contender(
    { name: "no-op", role: "noop" },
    serve(() => (_request, response) => doNothing(() => handle(response))),
  ),
  contender({ name: "@scitokens/core/http", role: "ours", remembers: true }, serve(ours)),
];

function serve(listener: (trust: Trust) => RequestListener): Contender["start"] {
  return (trust) => listen(createServer(listener(trust)));
}

function doNothing(next: () => void): void {
  next();
}

function ours(trust: Trust): RequestListener {
  const protection = createProtection({ ...ourOptions(trust), scope: SCOPE });
  const answer: (...given: Parameters<RequestListener>) => Promise<unknown> = async (request, response) => {
    const decision = await authorizeRequest(nodeFacts(request), protection);
    return decision.allowed ? handle(response) : sendRefusal(response, decision.refusal);
  };
  return (request, response) => void answer(request, response);
}

function handle(response: ServerResponse): void {
  const body = JSON.stringify(BODY);
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
}
