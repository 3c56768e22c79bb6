// All that a command touches of the world: so that tests run commands without a process, and one file knows Node's own.
import type { Readable } from "node:stream";

/** Where a command writes. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user's id; undefined where the system has none. */
  readonly uid: number | undefined;
  /** Seconds since the epoch. */
  readonly clock: () => number;
  /** The time zone of what is shown; undefined: this machine's. */
  readonly timeZone?: string | undefined;
  /** Commands take it by `fetchWithCa`, which ends it with them. */
  readonly fetch: typeof globalThis.fetch;
  /** Aborted when the command is to end: Ctrl-C, SIGTERM. */
  readonly signal: AbortSignal;
}

/** The world of this process. */
export function processIo(signal: AbortSignal): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    uid: process.geteuid?.(),
    clock: () => Date.now() / 1000,
    fetch,
    signal,
  };
}
