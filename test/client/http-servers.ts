// Servers on loopback that write down what reaches them, byte for byte, and answer what the test says.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { AccessToken } from "@scitokens/client";
import type { TokenRequest, TokenSource } from "@scitokens/client";
import { onTestFinished } from "vitest";

export interface Heard {
  /** `GET /path HTTP/1.1` and the header lines, as they came. */
  readonly lines: readonly string[];
  readonly method: string;
  readonly target: string;
  /** Of the Authorization line, in whatever spelling it came; undefined: there was none. */
  readonly token: string | undefined;
  /** As it came: with the sizes of its chunks, if it had any. */
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Server {
  readonly url: string;
  readonly heard: readonly Heard[];
}

/** Answers each request by what `answer` says, on a connection of its own. */
export async function serve(answer: (heard: Heard, count: number) => Answer): Promise<Server> {
  const heard: Heard[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const request = parse(text);
      if (request === undefined) return;
      heard.push(request);
      const { status, headers = {}, body = "" } = answer(request, heard.length);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `HTTP/1.1 ${status} x\r\n${lines.join("")}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
      socket.end(request.method === "HEAD" ? head : head + body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

/** The request, once it is whole. */
function parse(text: string): Heard | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const lines = text.slice(0, end).split("\r\n");
  const body = text.slice(end + 4);
  const length = Number(lines.find((line) => /^content-length:/i.test(line))?.split(":")[1] ?? 0);
  const chunked = lines.some((line) => /^transfer-encoding: *chunked/i.test(line));
  if (chunked ? !body.endsWith("0\r\n\r\n") : body.length < length) return undefined;
  const [method = "", target = ""] = (lines[0] ?? "").split(" ");
  const token = lines.find((line) => /^authorization:/i.test(line))?.replace(/^authorization: */i, "");
  return { lines, method, target, token, body };
}

/** Gives `t1`, and with each `fresh` one number more; writes down what it is asked for. */
export function numberedTokens(): TokenSource & { readonly asked: TokenRequest[] } {
  const asked: TokenRequest[] = [];
  let number = 1;
  return {
    asked,
    async token(request = {}) {
      asked.push(request);
      if (request.fresh === true) number += 1;
      return new AccessToken(`t${number}`, { source: "test" });
    },
  };
}

export const INVALID_TOKEN = { "WWW-Authenticate": 'Bearer realm="x", error="invalid_token"' };
