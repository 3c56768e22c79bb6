// A server without a framework: the core decides, this file serves. GET /data/... needs read on just that path.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createEnforcer } from "@scitokens/core";
import {
  authorizeRequest,
  createProtection,
  fromRequest,
  nodeFacts,
  requestPath,
  sendRefusal,
} from "@scitokens/core/http";

const { ISSUER = "https://cilogon.org/igwn", AUDIENCE = "https://data.example.org", PORT = "3000" } = process.env;

const enforcer = createEnforcer({
  // http is for the development issuer on this machine, and for nothing else.
  issuer: { issuer: ISSUER, basePath: "/data", allowInsecureIssuer: new URL(ISSUER).hostname === "127.0.0.1" },
  audience: AUDIENCE,
  // Why somebody was refused: for the log, never for the answer.
  onEvent: (event) => event.type === "refused" && console.error(JSON.stringify(event)),
});
const protection = createProtection({ enforcer, scope: fromRequest() });

const files: ReadonlyMap<string, string> = new Map([
  ["/data/public/readme", "for everybody with a token\n"],
  ["/data/user/alice/notes", "for alice\n"],
]);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === "/status") {
    return void response.end(JSON.stringify(enforcer.status().map(({ issuer, state }) => ({ issuer, state }))));
  }
  const decision = await authorizeRequest(nodeFacts(request), protection);
  if (!decision.allowed) return sendRefusal(response, decision.refusal);

  // Serve the path that was judged, decoded by the same function.
  const file = files.get(requestPath(request.url ?? "/"));
  response.statusCode = file === undefined ? 404 : 200;
  response.end(request.method === "HEAD" ? undefined : file);
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
server.listen(Number(PORT), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`listening on http://127.0.0.1:${address.port}`);
});
