// A web-standard handler on Node's http module, by web-standard Requests and Responses as a runtime makes them.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { listen } from "./listen.js";
import type { Served } from "./harness.js";

export type WebHandler = (request: Request) => Promise<Response>;

/** Serves a handler on loopback. What rejects is answered with 500, and a target that is no URL's with 400. */
export function serveWeb(handler: WebHandler): Promise<Served> {
  return listen((incoming, outgoing) => {
    const request = requestOf(incoming);
    if (request === undefined) return void outgoing.writeHead(400).end();
    handler(request)
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.writeHead(500).end());
  });
}

/** URL and Request tidy up here, as they do everywhere. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  const whole = `http://localhost${url}`;
  if (!URL.canParse(whole)) return undefined;
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" as const } : {};
  return new Request(whole, { method, headers, ...body });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
