// Commands run in this process, with a world in memory: what they read, write and reach is the test's.
import { Readable } from "node:stream";
import { run } from "@scitokens/cli";
import type { Io } from "@scitokens/cli";

export const NOW = 1_790_000_000;

export interface World {
  readonly stdin?: string | Readable | undefined;
  readonly stdinIsTTY?: boolean | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default: one that has no token in /tmp. */
  readonly uid?: number | undefined;
  /** Default: a clock that stands at NOW. */
  readonly clock?: (() => number) | undefined;
  /** Default: no network. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether stdout and stderr are a terminal. Default false. */
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Hears what is written as it is written: for commands that keep running. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; throws when it is none. */
  readonly json: unknown;
}

/** A world in which nothing happens: to look at commands without running them. */
export function silentIo(): Io {
  return {
    stdin: Readable.from([]),
    stdout: { write: () => true },
    stderr: { write: () => true },
    env: {},
    uid: undefined,
    clock: () => NOW,
    fetch: () => Promise.reject(new TypeError("fetch failed")),
    signal: new AbortController().signal,
  };
}

/** Runs `scitokens` with these arguments. */
export async function runCli(argv: readonly string[], world: World = {}): Promise<Result> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (list: string[]): Io["stdout"] => ({
    write: (text) => {
      list.push(text);
      world.onOutput?.(text);
    },
    isTTY: world.isTTY ?? false,
    columns: world.columns,
  });
  const stdin = world.stdin instanceof Readable ? world.stdin : Readable.from(world.stdin ? [world.stdin] : []);
  const code = await run(argv, {
    stdin: Object.assign(stdin, { isTTY: world.stdinIsTTY ?? false }),
    stdout: into(out),
    stderr: into(err),
    env: world.env ?? {},
    uid: world.uid ?? 4_242_424,
    clock: world.clock ?? (() => NOW),
    fetch: world.fetch ?? (() => Promise.reject(new TypeError("fetch failed"))),
    timeZone: "UTC",
    signal: world.signal ?? new AbortController().signal,
  });
  const stdout = out.join("");
  return {
    code,
    stdout,
    stderr: err.join(""),
    get json(): unknown {
      return JSON.parse(stdout);
    },
  };
}
