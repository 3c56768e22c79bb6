// Another command, run as if we were not there: its input and output are ours, signals pass through, its exit code comes back.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { printable } from "../output/printable.js";
import type { CaughtSignals } from "./signals.js";

export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: CaughtSignals;
  /** Whether it shares a terminal with us. */
  readonly onTerminal: boolean;
}

/** What a shell calls a command that cannot be run, or is not there. */
const NOT_RUNNABLE = 126;
const NOT_FOUND = 127;

export interface Ending {
  readonly exitCode: number;
  /** Why it did not run. */
  readonly trouble?: string;
}

/** Runs a command to its end; the exit code is 128 and the signal's number where a signal ended it. */
export function runChild([command = "", ...args]: readonly string[], options: ChildOptions): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...options.env }, stdio: "inherit" });
    options.signals.handOn(child, options.onTerminal);
    child.once("error", (error: NodeJS.ErrnoException) => {
      const found = error.code !== "ENOENT";
      const why = found ? "it cannot be run" : "there is no such command";
      resolve({ exitCode: found ? NOT_RUNNABLE : NOT_FOUND, trouble: `${printable(command, 200)}: ${why}` });
    });
    child.once("exit", (code, signal) => {
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
    });
  });
}
