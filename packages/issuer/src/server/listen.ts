// Opening and closing the port of a node:http or node:https server.
import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** A server of either scheme. */
export type Server = HttpServer | HttpsServer;

/** Listens, and says which port it got; a taken one is an Error that names the ways out. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port, host)));
    server.listen(port, host, () => resolve(portOf(server.address())));
  });
}

/**
 * Makes the function that stops listening, ends idle connections at once and the others after their answer.
 *
 * Node's own closeIdleConnections() leaves a connection open that never sent a request, and close() waits for it.
 */
export function closer(server: Server): () => Promise<void> {
  const idle = new Set<Socket>();
  let closed: Promise<void> | undefined;
  const rest = (socket: Socket): void => {
    if (closed === undefined) idle.add(socket);
    else socket.destroySoon();
  };
  // Over TLS the request's socket is the encrypted one: "connection" would give the one below it.
  server.on(server instanceof HttpsServer ? "secureConnection" : "connection", (socket: Socket) => {
    rest(socket);
    socket.once("close", () => idle.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) rest(socket);
    });
  });
  return () => {
    closed ??= new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      for (const socket of idle) socket.destroySoon();
    });
    return closed;
  };
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code !== "EADDRINUSE") return error;
  const sentence = `port ${port} of ${host} is taken: stop the program that has it, give another 'port', or 0 for any free one`;
  return Object.assign(new Error(sentence, { cause: error }), { code: error.code });
}

function portOf(address: AddressInfo | string | null): number {
  if (address !== null && typeof address === "object") return address.port;
  throw new TypeError("the server does not listen on a port");
}
