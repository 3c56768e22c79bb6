// scitokens with: a command has a fresh token in a private file while it runs; its exit code, its signals, nothing left over.
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { ChildProcess, spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Io } from "@scitokens/cli";
import { AccessToken, TokenError } from "@scitokens/client";
import type { TokenRequest } from "@scitokens/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { sharesTerminal } from "../../packages/cli/src/commands/with.js";
import { fetchWithCa } from "../../packages/cli/src/network/fetch-with-ca.js";
import { agentKind } from "../../packages/cli/src/sources/agent.js";
import { environmentFor } from "../../packages/cli/src/with/environment.js";
import { keepFresh } from "../../packages/cli/src/with/keep-fresh.js";
import type { Freshness } from "../../packages/cli/src/with/keep-fresh.js";
import { catchSignals } from "../../packages/cli/src/with/signals.js";
import type { CaughtSignals } from "../../packages/cli/src/with/signals.js";
import { folderName } from "../../packages/cli/src/with/token-folder.js";
import { signToken, testKey } from "../support/sign.js";
import { runCli, silentIo } from "./run-cli.js";
import type { World } from "./run-cli.js";

const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
const now = Math.floor(Date.now() / 1000);
const raw = signToken(testKey("ES256", "key-1"), {
  iss: "https://i.example",
  scope: "read:/",
  exp: now + 3600,
  iat: now,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-with-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a shell script, with a token that discovery finds. */
function withToken(script: string, more: World = {}) {
  const env = {
    PATH: process.env["PATH"],
    XDG_RUNTIME_DIR: folder,
    BEARER_TOKEN: raw,
    OUT: join(folder, "out"),
    ...more.env,
  };
  const clock = (): number => Date.now() / 1000;
  return runCli(["with", "--", "sh", "-c", script], { clock, uid: process.geteuid?.() ?? 0, ...more, env });
}
const out = (): string => readFileSync(join(folder, "out"), "utf8");

it("the command finds the token in a private file, and nowhere else", async () => {
  const { code, stdout, stderr } = await withToken(
    'stat -c "%a" "$BEARER_TOKEN_FILE" "$(dirname "$BEARER_TOKEN_FILE")" > $OUT; cat "$BEARER_TOKEN_FILE" >> $OUT; env > $OUT.env; cat /proc/$$/cmdline > $OUT.args',
    { env: { SCITOKENS_CLIENT_SECRET: "s3cr3t", SCITOKEN: raw, KEPT: "yes" } },
  );
  expect([code, stdout, stderr]).toEqual([0, "", ""]);
  expect(out()).toBe(`600\n700\n${raw}\n`);
  const env = readFileSync(join(folder, "out.env"), "utf8");
  expect(env).toMatch(/^KEPT=yes$/m);
  expect(/^SCITOKEN_FILE=(.*)$/m.exec(env)?.[1]).toBe(/^BEARER_TOKEN_FILE=(.*)$/m.exec(env)?.[1]);
  expect(`${env}${readFileSync(join(folder, "out.args"), "utf8")}`).not.toMatch(/s3cr3t|eyJ/);
  expect(readdirSync(folder).toSorted()).toEqual(["out", "out.args", "out.env"]);
});

it.each([
  ["its own", "exit 7", 7],
  ["good", "true", 0],
  ["128 and the signal's number, where a signal ended it", "kill -KILL $$", 137],
])("the exit code is the command's: %s", async (_, script, code) => {
  expect((await withToken(script)).code).toBe(code);
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ["is not there", "no-such-command-here", 127, /no-such-command-here: there is no such command/],
  ["cannot be run", "/etc/passwd", 126, /\/etc\/passwd: it cannot be run/],
])("a command that %s", async (_, command, code, says) => {
  const env = { XDG_RUNTIME_DIR: folder, BEARER_TOKEN: raw };
  const result = await runCli(["with", "--", command], { env, clock: () => now });
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(says);
  expect(readdirSync(folder)).toEqual([]);
});

it("without a token the command does not run", async () => {
  const { code, stderr } = await withToken("touch $OUT", { env: { BEARER_TOKEN: "" } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/no token was found that fits/);
  expect(existsSync(join(folder, "out"))).toBe(false);
});

it("a source is chosen by --from, its options checked", async () => {
  const { code, stderr } = await runCli(["with", "--from", "agent", "--", "true"], { env: {} });
  expect(code).toBe(2);
  expect(stderr).toMatch(/--account or --issuer is missing/);
  expect((await runCli(["with", "--from", "moon", "--", "true"])).stderr).toMatch(
    /Allowed choices are discovery, agent/,
  );
});

it("leaves out what programs would look at before the file", () => {
  const env = { BEARER_TOKEN: "a", SCITOKEN: "b", SCITOKENS_CLIENT_SECRET: "c", BEARER_TOKEN_FILE: "/x", HOME: "/h" };
  expect(environmentFor(env, "/f")).toEqual({ BEARER_TOKEN_FILE: "/f", SCITOKEN_FILE: "/f", HOME: "/h" });
});

it("a folder that was left by a killed one is removed, and no other", async () => {
  const gone = spawnSync("true").pid;
  const mine = folderName(gone);
  const names = { dead: `${mine}abcdef`, alive: `${folderName(process.pid)}abcdef`, linked: `${mine}linked` };
  mkdirSync(join(folder, names.dead));
  writeFileSync(join(folder, names.dead, "token"), "left over");
  mkdirSync(join(folder, names.alive));
  mkdirSync(join(folder, "precious"));
  writeFileSync(join(folder, "precious", "kept"), "");
  symlinkSync("precious", join(folder, names.linked));
  mkdirSync(join(folder, "scitokens-other"));
  expect((await withToken("true")).code).toBe(0);
  const kept = [names.alive, names.linked, "precious", "scitokens-other"];
  expect(readdirSync(folder).toSorted()).toEqual(kept.toSorted());
  expect(existsSync(join(folder, "precious", "kept"))).toBe(true);
});

it.skipIf(process.geteuid?.() !== 0)("a folder of another user is not removed (only root can make one)", async () => {
  const name = join(folder, `${folderName(spawnSync("true").pid)}abcdef`);
  mkdirSync(name);
  chownSync(name, 65_534, 65_534);
  await withToken("true");
  expect(existsSync(name)).toBe(true);
});

it("the command finds the file from another folder, though $TMPDIR is a relative path", async () => {
  const deep = join(folder, "a", "b", "c");
  const env = { XDG_RUNTIME_DIR: undefined, TMPDIR: relative(process.cwd(), folder), DEEP: deep };
  expect((await withToken('mkdir -p "$DEEP" && cd "$DEEP" && cat "$BEARER_TOKEN_FILE" > $OUT', { env })).code).toBe(0);
  expect(out()).toBe(`${raw}\n`);
});

describe("renewals", () => {
  /** What the source of a `with` is asked, and with which fetch and signal it was made. */
  const asked: TokenRequest[] = [];
  let made: Io | undefined;
  beforeEach(() => {
    asked.length = 0;
    vi.spyOn(agentKind, "create").mockImplementation((io) => {
      made = io;
      return Promise.resolve({
        async token(request = {}) {
          asked.push(request);
          return new AccessToken(raw, { source: "test", expiresAt: Date.now() / 1000 + 0.01 });
        },
      });
    });
  });
  afterEach(() => vi.restoreAllMocks());
  const run = (words: readonly string[], more: World) =>
    runCli(["with", "--from", "agent", "--account", "a", ...words, "--", "sh", "-c", more.env?.["SCRIPT"] ?? ""], {
      clock: () => Date.now() / 1000,
      ...more,
      env: { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder, OUT: join(folder, "out"), ...more.env },
    });

  it("go on after a Ctrl-C that the command survives", async () => {
    const ending = new AbortController();
    const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
      init?.signal?.throwIfAborted();
      return Promise.resolve(new Response("answered"));
    };
    const running = run([], {
      signal: ending.signal,
      fetch,
      env: { SCRIPT: "trap '' INT TERM; touch $OUT; sleep 0.3" },
    });
    await vi.waitFor(() => expect(existsSync(join(folder, "out"))).toBe(true));
    ending.abort(new Error("ended by SIGINT"));
    expect(made?.signal.aborted).toBe(false);
    expect(await (await fetchWithCa(made as Io, undefined))("https://i.example").then((r) => r.text())).toBe(
      "answered",
    );
    expect((await running).code).toBe(0);
    expect(made?.signal.aborted).toBe(true);
  });

  it("end before the command runs by a Ctrl-C", async () => {
    const ending = new AbortController();
    vi.spyOn(agentKind, "create").mockImplementation((io) => {
      const token = (): Promise<never> =>
        new Promise((_, reject) => io.signal.addEventListener("abort", () => reject(io.signal.reason as Error)));
      setImmediate(() => ending.abort(new Error("ended by SIGINT")));
      return Promise.resolve({ token });
    });
    const result = await run([], { signal: ending.signal });
    expect([result.code, result.stderr]).toEqual([130, ""]);
  });

  it("ask for a token that lives as long as --time-left says", async () => {
    expect((await run(["--time-left", "9"], { env: { SCRIPT: "sleep 6" } })).code).toBe(0);
    expect(asked.map(({ timeLeft, fresh }) => [timeLeft, fresh])).toEqual([
      [9, undefined],
      [9, true],
    ]);
  }, 10_000);
});

it.each(["stdin", "stdout", "stderr"] as const)("a terminal is shared where %s is one", (name) => {
  const io = silentIo();
  expect(sharesTerminal(io)).toBe(false);
  Object.assign(io[name], { isTTY: true });
  expect(sharesTerminal(io)).toBe(true);
});

describe("while the command runs", () => {
  /** A clock that only sleeping moves; ends after so many tokens. */
  function freshness(renew: (attempt: number) => number | Error, rounds: number) {
    const ending = new AbortController();
    const failures: string[] = [];
    const times: number[] = [];
    let clock = 0;
    let attempt = 0;
    const options: Freshness = {
      renew: async () => {
        times.push(clock);
        if (times.length === rounds) ending.abort(new Error("over"));
        const life = renew(attempt++);
        if (life instanceof Error) throw life;
        return new AccessToken("x", { source: "test", expiresAt: clock + life });
      },
      write: () => Promise.resolve(),
      timeLeft: 0,
      clock: () => clock,
      random: () => 0.5,
      sleep: (seconds) => {
        clock += seconds;
        return Promise.resolve();
      },
      onFailure: (message) => failures.push(message),
      signal: ending.signal,
    };
    return { options, failures, times };
  }
  const first = new AccessToken("x", { source: "test", expiresAt: 600 });

  it("the token is renewed at half of its life", async () => {
    const { options, failures, times } = freshness(() => 100, 4);
    await keepFresh(first, options);
    expect([times, failures]).toEqual([[300, 350, 400, 450], []]);
  });

  it("the token is renewed earlier where more is to be left", async () => {
    const { options, times } = freshness(() => 1000, 3);
    await keepFresh(first, { ...options, timeLeft: 590 });
    expect(times).toEqual([60, 470, 880]);
  });

  it("a failure is told once, and tried again with back-off", async () => {
    const down = new TokenError("unreachable", "the issuer is down", { source: "test" });
    const { options, failures, times } = freshness((attempt) => (attempt < 3 ? down : 100), 5);
    await keepFresh(first, options);
    expect(times).toEqual([300, 310, 330, 370, 420]);
    expect(failures).toEqual(["the issuer is down"]);
  });

  it("an error of the program does not end it either, and shows nothing", async () => {
    const { options, failures } = freshness(() => new RangeError("s3cr3t"), 2);
    await keepFresh(first, options);
    expect(failures).toEqual(["RangeError"]);
  });
});

describe("signals", () => {
  /** What a command is told, of signals before and after it is there. */
  function told(onTerminal: boolean, before: () => void, after: () => void): readonly unknown[] {
    const child = new ChildProcess();
    const kill = vi.spyOn(child, "kill").mockReturnValue(true);
    before();
    signals.handOn(child, onTerminal);
    after();
    signals.release();
    return kill.mock.calls.flat();
  }
  let ending: AbortController;
  let signals: CaughtSignals;
  beforeEach(() => {
    ending = new AbortController();
    signals = catchSignals(ending.signal);
  });
  afterEach(() => signals.release());

  it("that came before the command was there are handed on when it is", () => {
    const send = (): void => void process.emit("SIGHUP");
    expect(told(false, send, send)).toEqual(["SIGHUP", "SIGHUP"]);
  });

  it("of a terminal reach the command without us", () => {
    const send = (): void => ["SIGINT", "SIGQUIT", "SIGTERM"].forEach((name) => void process.emit(name as "SIGINT"));
    expect(told(true, () => {}, send)).toEqual(["SIGTERM"]);
    signals = catchSignals(ending.signal);
    expect(told(false, () => {}, send)).toEqual(["SIGINT", "SIGQUIT", "SIGTERM"]);
  });

  it("whoever embeds the command ends it as SIGTERM does; a signal is not handed on twice", () => {
    expect(
      told(
        false,
        () => {},
        () => ending.abort(new Error("enough")),
      ),
    ).toEqual(["SIGTERM"]);
    ending = new AbortController();
    signals = catchSignals(ending.signal);
    const bySignal = (): void => {
      process.emit("SIGINT");
      ending.abort(new Error("ended by SIGINT"));
    };
    expect(told(false, () => {}, bySignal)).toEqual(["SIGINT"]);
  });

  it("are listened to no longer than the command runs", () => {
    signals.release();
    expect(process.listenerCount("SIGUSR2")).toBe(0);
  });

  it("that would end this process otherwise are all handed on", () => {
    const names = ["SIGUSR1", "SIGALRM", "SIGVTALRM", "SIGXCPU"];
    const send = (): void => names.forEach((name) => void process.emit(name as "SIGUSR1"));
    expect(told(false, () => {}, send)).toEqual(names);
  });
});

describe.skipIf(!existsSync(main))("as a process of its own", () => {
  /** Starts `scitokens with` on a script that says "ready" when it is. */
  function start(script: string) {
    const env = { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder, BEARER_TOKEN: raw };
    // A group of its own, so that a test that fails leaves nothing running.
    const child = spawn(process.execPath, [main, "with", "--", "sh", "-c", script], { env, detached: true });
    onTestFinished(() => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended, as it should.
      }
    });
    let text = "";
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const ready = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("ready")) resolve();
      });
    });
    const over = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, ready, over, text: () => text, errors: () => errors };
  }

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const)(
    "%s is passed on, and answered by the command",
    async (signal) => {
      const { child, ready, over, text, errors } = start(
        `trap 'echo got; exit 42' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`,
      );
      await ready;
      child.kill(signal);
      expect(await over).toBe(42);
      expect(text()).toBe("ready\ngot\n");
      expect(errors()).toBe("");
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("a second signal is the command's as well: it may refuse to end", async () => {
    const { child, ready, over, text } = start(
      `n=0; trap 'n=$((n+1)); echo got $n' TERM; echo ready; while [ $n -lt 2 ]; do sleep 0.05; done; exit 3`,
    );
    const heard = (): Promise<void> =>
      new Promise((resolve) => {
        child.stdout.on("data", () => text().includes("got 1") && resolve());
      });
    await ready;
    const once = heard();
    child.kill("SIGTERM");
    await once;
    child.kill("SIGTERM");
    expect(await over).toBe(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a command that a signal ends is told by 128 and its number", async () => {
    const { child, ready, over } = start("echo ready; exec sleep 30");
    await ready;
    child.kill("SIGTERM");
    expect(await over).toBe(143);
    expect(readdirSync(folder)).toEqual([]);
  });
});
