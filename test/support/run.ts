// Programs run by tests: as a new user would start them, and ended with the test.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

export interface Running {
  /** Waits until the output so far matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/** Milliseconds; to install and build may take most of it, on a machine that is busy. */
const DEADLINE = 110_000;

export function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Running {
  // A group of its own, so that what it starts ends with it.
  const child = spawn(command, args, { ...options, env: { ...process.env, ...options.env }, detached: true });
  let output = "";
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return {
    printed: (pattern) => waitFor(child, pattern, () => output),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      }),
  };
}

function waitFor(child: ChildProcess, pattern: RegExp, output: () => string): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const finish = (done: () => void): void => {
      clearTimeout(timer);
      child.stdout?.off("data", look);
      child.off("exit", ended);
      done();
    };
    const look = (): void => {
      const match = pattern.exec(output());
      if (match !== null) finish(() => resolve(match));
    };
    const ended = (): void => finish(() => reject(new Error(`ended before it printed ${pattern}:\n${output()}`)));
    const timer = setTimeout(() => finish(() => reject(new Error(`did not print ${pattern}:\n${output()}`))), DEADLINE);
    child.stdout?.on("data", look);
    child.once("exit", ended);
    look();
  });
}

/** Runs a shell script to its end, and gives back what it printed. */
export function shell(script: string, options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script], {
      ...options,
      env: { ...process.env, ...options.env },
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`exit ${code} of:\n${script}\n${errors}`));
    });
  });
}
