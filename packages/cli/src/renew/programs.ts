// Other programs that a renewal needs: oidc-agent and oidc-add. Their output is read, bounded, and never passed on whole.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { watch } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { TokenError } from "@scitokens/client";

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Seconds: a password is checked on purpose slowly, an issuer may be asked. */
const DEADLINE = 60;
const MOST = 4096;

export interface Ended {
  readonly code: number | undefined;
  /** The end of what it wrote to stderr. */
  readonly errors: string;
}

/** Runs a program to its end, without input. @throws {TokenError} `unreachable`, when it cannot be run */
export async function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<Ended> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(DEADLINE * 1000)]);
  const child = spawn(command, args, { env: { ...options.env }, stdio: ["ignore", "ignore", "pipe"], signal });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = `${errors}${text}`.slice(-MOST)));
  const code = await ended(child, command, options.signal);
  return { code, errors };
}

/** Starts a program that runs on, and waits until it has made its socket. Gives back what ends it. */
export async function startUntilReady(
  command: string,
  args: readonly string[],
  options: ProgramOptions & { readonly socket: string },
): Promise<() => Promise<void>> {
  const child = spawn(command, args, { env: { ...options.env }, stdio: "ignore" });
  const over = ended(child, command, options.signal);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await over.catch(() => {});
  };
  const watcher = watch(dirname(options.socket));
  const made = new Promise<void>((resolve, reject) => {
    const look = (): void => void access(options.socket).then(resolve, () => {});
    const late = new TokenError("unreachable", `${command} does not start`, { source: command });
    AbortSignal.any([options.signal, AbortSignal.timeout(10_000)]).addEventListener("abort", () => reject(late));
    watcher.on("change", look);
    over.then(() => reject(late), reject);
    look();
  });
  try {
    await made;
    return stop;
  } catch (error) {
    await stop();
    throw error;
  } finally {
    watcher.close();
  }
}

function ended(child: ChildProcess, command: string, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const why = error.code === "ENOENT" ? "is not installed" : "cannot be run, or does not end";
      reject(new TokenError("unreachable", `${command} ${why}`, { source: command }));
    });
    child.once("close", (code) => resolve(code ?? undefined));
  });
}
