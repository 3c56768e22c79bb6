// A request as it goes on to the provider: the same, with another target, other headers or another body.
import { IncomingMessage } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

/** What is different. */
export interface Changes {
  /** Below the path of the issuer, with the query. */
  readonly url: string;
  /** The path of the issuer: the provider makes its own addresses with it. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** Makes the request; the one it is made of has been read. */
export function forward(request: IncomingMessage, { url, path, headers, body }: Changes): IncomingMessage {
  const { "transfer-encoding": _, ...others } = headers;
  const message = new IncomingMessage(request.socket);
  message.method = request.method;
  message.url = url;
  message.httpVersion = request.httpVersion;
  message.headers = { ...others, "content-length": String(body.byteLength) };
  message.complete = true; // else Node takes it for broken off, and ends the connection
  message.push(body);
  message.push(null);
  return Object.assign(message, { originalUrl: `${path}${url}` });
}
