// scitokens with: a command has a fresh token in a private file while it runs; its exit code, its signals, nothing left over.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AccessToken, TokenError } from "@scitokens/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { environmentFor } from "../../packages/cli/src/with/environment.js";
import { keepFresh } from "../../packages/cli/src/with/keep-fresh.js";
import type { Freshness } from "../../packages/cli/src/with/keep-fresh.js";
import { catchSignals } from "../../packages/cli/src/with/signals.js";
import type { CaughtSignals } from "../../packages/cli/src/with/signals.js";
import { signToken, testKey } from "../support/sign.js";
import { runCli } from "./run-cli.js";
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
    const ready = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("ready")) resolve();
      });
    });
    const over = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, ready, over, text: () => text };
  }

  it.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const)(
    "%s is passed on, and answered by the command",
    async (signal) => {
      const { child, ready, over, text } = start(
        `trap 'echo got; exit 42' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`,
      );
      await ready;
      child.kill(signal);
      expect(await over).toBe(42);
      expect(text()).toBe("ready\ngot\n");
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
