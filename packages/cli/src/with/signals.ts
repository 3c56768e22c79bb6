// Signals that are a command's to answer: caught before there is anything that could be left behind, and handed on to it.
import type { ChildProcess } from "node:child_process";

/** Whatever ends a process unasked and can be caught; SIGUSR1 would open Node's debugger. */
const CAUGHT = [
  "SIGTERM",
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGXCPU",
] as const;
type Caught = (typeof CAUGHT)[number];

export interface CaughtSignals {
  /**
   * From now on, and of what came before, the command is told.
   * @param onTerminal whether it shares a terminal with us: then Ctrl-C and Ctrl-\ reach it without us
   */
  readonly handOn: (child: ChildProcess, onTerminal: boolean) => void;
  /** From now on, they do to this process what they do. */
  readonly release: () => void;
}

/** @param ending ends the command, as SIGTERM does */
export function catchSignals(ending: AbortSignal): CaughtSignals {
  const early: Caught[] = [];
  let tell = (name: Caught): void => void early.push(name);
  const listeners = CAUGHT.map((name) => {
    const hear = (): void => tell(name);
    process.on(name, hear);
    return () => process.off(name, hear);
  });
  // A signal of the process aborts this, too: then it has been heard of above.
  const end = (): void => {
    if (!/\bSIG[A-Z]+\b/.test(String(ending.reason))) tell("SIGTERM");
  };
  ending.addEventListener("abort", end);
  return {
    handOn(child, onTerminal) {
      tell = (name) => {
        if (!(onTerminal && (name === "SIGINT" || name === "SIGQUIT"))) child.kill(name);
      };
      // What came before the command was there, no terminal has told it.
      for (const name of early) child.kill(name);
    },
    release() {
      ending.removeEventListener("abort", end);
      for (const off of listeners) off();
    },
  };
}
