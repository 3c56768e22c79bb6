// One request on a raw socket, piece by piece: what a client sends slowly, or never to its end.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { EVERYTHING } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";

export interface ByHand {
  readonly socket: Socket;
  /** All that was received so far. */
  received(): string;
  /** Waits until something like that was received, or the connection has ended. */
  until(pattern: RegExp): Promise<void>;
  /** The status of the answer, 0 where the connection has ended without one. Ends it. */
  status(): Promise<number>;
}

/** Sends the head of a request below /wlcg, with a token for everything unless a line says Authorization. */
export function begin(server: TestServer, request: string, lines: readonly string[] = []): ByHand {
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => undefined); // a reset, after which it closes
  const own = lines.some((line) => /^authorization:/i.test(line)) ? [] : [`Authorization: Bearer ${EVERYTHING}`];
  const [method = "", name = ""] = request.split(" ");
  socket.write([`${method} /wlcg${name} HTTP/1.1`, "Host: localhost", ...own, ...lines, "", ""].join("\r\n"));

  async function until(pattern: RegExp): Promise<void> {
    while (!pattern.test(text) && !socket.closed) {
      await Promise.race([once(socket, "data"), once(socket, "close")]).catch(() => undefined);
    }
  }
  return {
    socket,
    received: () => text,
    until,
    async status() {
      const final = /^HTTP\/1\.1 ([2-5]\d\d)/m;
      await until(final);
      socket.destroy();
      return Number(final.exec(text)?.[1] ?? 0);
    },
  };
}
