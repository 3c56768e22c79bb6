// The client: a closed loop of keep-alive connections, with requests written beforehand, so that it is never what is measured.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";

export interface Request {
  readonly bytes: Buffer;
  /** The status it has to be answered with. */
  readonly status: number;
}

export interface Load {
  readonly requests: number;
  readonly milliseconds: number;
  /** Of each request, in microseconds. */
  readonly latencies: Float64Array;
  /** Answers with another status than expected. */
  readonly wrong: number;
}

/** Connections for one window: kept longer, a server would close them while others are measured. */
export interface Client {
  run(next: () => Request, requests: number): Promise<Load>;
  /** The status of one request. */
  status(request: Request): Promise<number>;
  close(): void;
}

export async function createClient(port: number, connections: number): Promise<Client> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const [first] = open;
  if (first === undefined) throw new RangeError("expected connections");
  return {
    run: (next, requests) => runLoop(open, next, requests),
    status: (request) => new Promise((resolve, reject) => first.send(request.bytes, resolve, reject)),
    close() {
      for (const { socket } of open) socket.destroy();
    },
  };
}

async function runLoop(connections: readonly Connection[], next: () => Request, requests: number): Promise<Load> {
  const latencies = new Float64Array(requests);
  let wrong = 0;
  let sent = 0;
  let answered = 0;
  let running = availableParallelism() > 1;
  // The client never sleeps, so that no server pays for waking its processor, and a slow one for more of it than a fast one.
  const stayAwake = (): void => void (running && setImmediate(stayAwake));
  stayAwake();

  const start = performance.now();
  await Promise.all(
    connections.map((connection) => new Promise<void>((done, failed) => turn(connection, done, failed))),
  ).finally(() => (running = false));
  return { requests, milliseconds: performance.now() - start, latencies, wrong };

  function turn(connection: Connection, done: () => void, failed: (error: Error) => void): void {
    if (sent >= requests) return done();
    sent += 1;
    const request = next();
    const now = performance.now();
    const settle = (status: number): void => {
      latencies[answered++] = (performance.now() - now) * 1000;
      if (status !== request.status) wrong += 1;
      turn(connection, done, failed);
    };
    connection.send(request.bytes, settle, failed);
  }
}

interface Connection {
  readonly socket: Socket;
  send(bytes: Buffer, answered: (status: number) => void, failed: (error: Error) => void): void;
}

async function openConnection(port: number): Promise<Connection> {
  let text = "";
  let waiting: { readonly answered: (status: number) => void; readonly failed: (error: Error) => void } | undefined;
  const socket = connect({
    port,
    host: "127.0.0.1",
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(65_536),
      callback(length, buffer) {
        text += Buffer.from(buffer.buffer, buffer.byteOffset, length).toString("latin1");
        const end = endOfAnswer(text);
        if (end === undefined) return true;
        if (end < text.length) throw new Error("more than an answer");
        const status = Number(text.slice(9, 12));
        text = "";
        waiting?.answered(status);
        return true;
      },
    },
  });
  await once(socket, "connect");
  socket.on("error", (error) => waiting?.failed(error));
  socket.on("close", () => waiting?.failed(new Error("the server closed a connection")));
  return {
    socket,
    send(bytes, answered, failed) {
      waiting = { answered, failed };
      if (socket.destroyed) failed(new Error("the server had closed a connection"));
      else socket.write(bytes);
    },
  };
}

const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked\r\n/i;

/** Undefined while there is more to come. */
function endOfAnswer(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  const headers = text.slice(0, head + 2);
  const length = LENGTH.exec(headers)?.[1];
  if (length !== undefined) {
    const end = head + 4 + Number(length);
    return text.length >= end ? end : undefined;
  }
  if (!CHUNKED.test(headers)) throw new Error("an answer without a length");
  return text.endsWith("0\r\n\r\n") ? text.length : undefined;
}
