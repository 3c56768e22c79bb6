// A contender's server, started, asked byte for byte, and started again where a request has ended it.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { meta } from "./corpus.js";
import type { HostileRequest } from "./corpus.js";

export interface Answer {
  /** undefined: the connection ended without one. */
  readonly status: number | undefined;
  /** The head as it came. */
  readonly head: string;
}

export interface ContenderProcess {
  ask(request: HostileRequest): Promise<Answer>;
  stop(): void;
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export async function startContender(name: string): Promise<ContenderProcess> {
  let { child, port } = await launch(name);
  return {
    async ask(request) {
      const answer = await exchange(port, request);
      if (answer.status === undefined) await new Promise((resolve) => setTimeout(resolve, 100)); // it may be about to end
      if (child.exitCode !== null) ({ child, port } = await launch(name));
      return answer;
    },
    stop: () => void child.kill(),
  };
}

async function launch(name: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(file("serve.js"), [name], {
    execArgv: ["--import", new URL("frozen-clock.js", import.meta.url).href],
    env: { ...process.env, HOSTILE_NOW: String(meta.now), NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const [port] = (await once(child, "message", { signal: AbortSignal.timeout(30_000) })) as [number];
  return { child, port };
}

/** Characters are bytes (Latin-1). */
async function exchange(port: number, { method, target, lines }: HostileRequest): Promise<Answer> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  const head = [`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close", ...lines, "", ""];
  socket.write(Buffer.from(head.join("\r\n"), "latin1"));
  socket.setTimeout(10_000, () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });
  const status = /^HTTP\/1.1 (\d{3})/.exec(received)?.[1];
  return { status: status === undefined ? undefined : Number(status), head: received.split("\r\n\r\n", 1)[0] ?? "" };
}
