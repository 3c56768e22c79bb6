// A real server on loopback, TCP or TLS, that plays steps: HTTP is only what the steps write. It counts what it is asked.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { play } from "./steps.js";
import type { Step } from "./steps.js";

export interface Asked {
  readonly method: string;
  readonly target: string;
  /** Header lines as they came. */
  readonly lines: readonly string[];
}

export interface Site {
  /** `http://127.0.0.1:port`, or https. */
  readonly origin: string;
  /** The whole requests, in order. */
  readonly asked: readonly Asked[];
  /** Connections that were ever opened: more than requests where TLS, or whoever connects, gave up before asking. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  close(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export type Script = (target: string, site: Site) => readonly Step[];

export interface SiteOptions {
  readonly certificate?: Certificate | undefined;
  /** Played as soon as there is a connection; then no request is read. */
  readonly greeting?: readonly Step[] | undefined;
}

export async function startSite(script: Script, { certificate, greeting }: SiteOptions = {}): Promise<Site> {
  const asked: Asked[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server: Server = certificate === undefined ? createServer(serve) : createTlsServer(certificate, serve);
  // Of TLS, too: the connection counts before anybody has agreed on anything.
  server.on("connection", (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.on("error", () => {}).on("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  function serve(socket: Socket): void {
    if (greeting !== undefined) return void play(greeting, socket.on("error", () => {}).resume());
    let head = "";
    socket
      .on("error", () => {})
      .on("data", (bytes: Buffer) => {
        head += bytes.toString("latin1");
        for (let end = head.indexOf("\r\n\r\n"); end !== -1; end = head.indexOf("\r\n\r\n")) {
          const [first = "", ...lines] = head.slice(0, end).split("\r\n");
          head = head.slice(end + 4);
          const [method = "", target = ""] = first.split(" ");
          asked.push({ method, target, lines });
          void play(script(target, site), socket);
        }
      });
  }

  const site: Site = {
    origin: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    asked,
    get connections() {
      return connections;
    },
    get open() {
      return open.size;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return site;
}
