// A folder and processes of a test file's own: nothing of the user's is read, and nothing is left.
import { execFile, spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll } from "vitest";

/** The user nobody, for servers that refuse to run as root. */
const NOBODY = 65534;
/** Milliseconds, for whatever has hung: well above what a loaded machine needs. */
const DEADLINE = 100_000;
const isRoot = process.getuid?.() === 0;

export interface Ran {
  /** The exit code; -1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface ServeOptions extends RunOptions {
  /** Whether the user nobody runs it where the tests run as root. Default false. */
  readonly neverRoot?: boolean;
}

export interface Server {
  /** All that it has printed so far. */
  readonly output: () => string;
  /** Waits until the output matches; rejects when it ends before. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly stop: () => Promise<void>;
}

export interface Workshop {
  readonly folder: string;
  /** HOME and the XDG folders inside the folder, and nothing else of the environment but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file, 0600, its folders made as needed; gives back its path. */
  readonly write: (name: string, text: string) => string;
  /** Makes a folder; gives back its path. */
  readonly makeFolder: (name: string) => string;
  /** Runs a program to its end. */
  readonly run: (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;
  /** Starts a server, ended with the test file. */
  readonly serve: (program: string, args: readonly string[], options?: ServeOptions) => Server;
}

/** Opens a workshop; it is cleared up after the tests of the describe. Of tests that are skipped nothing is made. */
export function openWorkshop(): Workshop {
  const servers: Server[] = [];
  let home: Home | undefined;
  const atHome = (): Home => (home ??= makeHome());
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    if (home !== undefined) rmSync(home.folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return atHome().folder;
    },
    get env() {
      return atHome().env;
    },
    makeFolder: (name) => makeFolder(atHome().folder, name),
    write: (name, text) => {
      const { folder } = atHome();
      const path = join(makeFolder(folder, dirname(name)), basename(name));
      writeFileSync(path, text, { mode: 0o600 });
      own(path);
      return path;
    },
    run: (program, args, options = {}) => run(program, args, { ...options, env: { ...atHome().env, ...options.env } }),
    serve: (program, args, options = {}) => {
      const { folder, env } = atHome();
      const server = serve(program, args, { cwd: folder, env: { ...env, ...options.env }, ...who(options) });
      servers.push(server);
      return server;
    },
  };
}

type Home = Pick<Workshop, "folder" | "env">;

function makeHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-interop-"));
  own(folder);
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", HOME: folder, TMPDIR: folder };
  const xdg = { XDG_CACHE_HOME: makeFolder(folder, "cache"), XDG_RUNTIME_DIR: makeFolder(folder, "runtime") };
  return { folder, env: { ...env, ...xdg, XDG_CONFIG_HOME: makeFolder(folder, "config") } };
}

/** Below the home, 0700; gives back its path. */
function makeFolder(home: string, name: string): string {
  const path = join(home, name);
  if (path !== home) makeFolder(home, dirname(name));
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) own(path);
  return path;
}

const who = ({ neverRoot = false }: ServeOptions) => (neverRoot && isRoot ? { uid: NOBODY, gid: NOBODY } : {});

function own(path: string): void {
  if (isRoot) chownSync(path, NOBODY, NOBODY);
}

function run(program: string, args: readonly string[], { env, input }: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env, timeout: DEADLINE }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      // A word instead of a number: it could not be started.
      if (error !== null && typeof code === "string") reject(error);
      else resolve({ code: typeof code === "number" ? code : -1, stdout, stderr });
    });
    // A program that does not read its input is no fault of the test.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

function serve(program: string, args: readonly string[], options: SpawnOptions): Server {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    output: () => output,
    printed: (pattern) => printed(child, pattern, () => output),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const stubborn = setTimeout(() => child.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(stubborn);
    },
  };
}

function printed(child: ChildProcess, pattern: RegExp, output: () => string): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const finish = (done: () => void): void => {
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", look);
      child.off("exit", ended);
      done();
    };
    const look = (): void => {
      const match = pattern.exec(output());
      if (match !== null) finish(() => resolve(match));
    };
    const ended = (): void => finish(() => reject(new Error(`ended before it printed ${pattern}:\n${output()}`)));
    const late = (): void => finish(() => reject(new Error(`did not print ${pattern}:\n${output()}`)));
    const timer = setTimeout(late, DEADLINE);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", look);
    child.once("exit", ended);
    look();
  });
}
