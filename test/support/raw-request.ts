// HTTP requests byte for byte: what fetch would tidy up must arrive as it is.
import { connect } from "node:net";
import { once } from "node:events";

export interface RawResponse {
  readonly status: number;
  /** By lower-case name; several lines of one name joined as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  /** Sent as it is. */
  readonly target?: string;
  /** Header lines, sent as they are. */
  readonly lines?: readonly string[];
  /** Sent with its length. */
  readonly body?: string;
}

/** Sends one request to a server on loopback. Characters are bytes (Latin-1). */
export async function rawRequest(
  port: number,
  { method = "GET", target = "/", lines = [], body }: RawRequest,
): Promise<RawResponse> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const fixed = [`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close"];
  const head = [...fixed, ...lines, ...length, "", ""].join("\r\n");
  socket.write(Buffer.from(head + (body ?? ""), "latin1"));
  await once(socket, "close");
  return parse(Buffer.concat(chunks).toString("latin1"));
}

function parse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const body = text.slice(end + 4);
  const chunked = headers["transfer-encoding"] === "chunked";
  return { status: Number(statusLine.split(" ")[1]), headers, body: chunked ? dechunk(body) : body };
}

function dechunk(body: string): string {
  let rest = body;
  let text = "";
  for (;;) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (!(size > 0)) return text;
    text += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 2 + size + 2);
  }
}
