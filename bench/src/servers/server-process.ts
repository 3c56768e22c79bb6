// A server's process, seen from the client's: started on a processor of its own, asked for the CPU time it has used.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Said, Start } from "./serve.js";

export interface ServerProcess {
  readonly port: number;
  /** Microseconds of CPU time since its start, of all its threads. */
  used(): Promise<number>;
  stop(): Promise<void>;
}

/** @param prefix what the command begins with, as `taskset -c 0` */
export async function startServer(
  start: Start,
  { prefix, flags }: { readonly prefix: readonly string[]; readonly flags: readonly string[] },
): Promise<ServerProcess> {
  const program = fileURLToPath(new URL("serve.js", import.meta.url));
  const [command, ...args] = [...prefix, process.execPath, ...flags, program];
  if (command === undefined) throw new RangeError("expected a command");
  const child = spawn(command, args, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const said = await ask(child, start);
  if (!("port" in said)) throw new Error("expected a port");
  return {
    port: said.port,
    async used() {
      const answer = await ask(child, "usage");
      if (!("microseconds" in answer)) throw new Error("expected a CPU time");
      return answer.microseconds;
    },
    async stop() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function ask(child: ChildProcess, message: Start | "usage"): Promise<Said> {
  const ended = new AbortController();
  const onExit = (code: number | null): void => ended.abort(new Error(`the server ended with ${code}`));
  child.once("exit", onExit);
  child.send(message);
  try {
    const [said] = (await once(child, "message", { signal: ended.signal })) as [Said];
    return said;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    child.off("exit", onExit);
  }
}
