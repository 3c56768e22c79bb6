// Debian's redis-server on a free port of loopback, with nothing on disk; ended with the test.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { freePort } from "./free-port.js";
import { tempFolder } from "./temp-folder.js";

export const redisIsHere: boolean = spawnSync("redis-server", ["--version"]).status === 0;

export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const [port, dir] = [await freePort(), tempFolder()];
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (server === undefined) return;
    const closed = once(server, "close");
    server.kill("SIGKILL");
    server = undefined;
    await closed;
  };
  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir];
    const started = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
    server = started;
    let said = "";
    started.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes("Ready to accept connections"));
  };
  onTestFinished(stop);
  await start();
  return { url: `redis://127.0.0.1:${port}`, stop, start };
}

/** Until something is so: what happens in another program has no event here. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
