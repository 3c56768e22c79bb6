// The command as a whole: help, versions, slips of the keyboard, and how it behaves in a pipe.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Command } from "../../packages/cli/src/command.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { root, sources } from "../structure/sources.js";
import { tokenWith } from "./issuer-world.js";
import { runCli, silentIo } from "./run-cli.js";

const main = `${root}packages/cli/dist/main.js`;
const commands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(commands)];
const named = commands(await createProgram(silentIo())).map((command) => ({ command, path: pathOf(command) }));

function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

describe("help", () => {
  it.each(named)("is there for scitokens $path", async ({ path }) => {
    const { code, stdout, stderr } = await runCli([...path, "--help"]);
    expect(stdout).toMatch(new RegExp(`^Usage: scitokens ${path.join(" ")}`));
    expect(stdout.split("\n").filter((line) => line.length > 120 && !/^ {2}\S/.test(line))).toEqual([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect((await runCli(["help", ...path])).stdout.length).toBeGreaterThan(100);
  });

  const leaves = named.filter(({ command }) => command.commands.length === 0);
  it.each(leaves)("shows examples of scitokens $path", async ({ path }) => {
    const { stdout } = await runCli([...path, "--help"]);
    const [, examples = ""] = stdout.split("\nExamples:\n");
    expect(examples).toMatch(new RegExp(`\\bscitokens ${path.join(" ")}\\b`));
  });

  it("of one command is what `help` and `--help` say", async () => {
    expect((await runCli(["help", "explain"])).stdout).toBe((await runCli(["explain", "--help"])).stdout);
  });

  it("of a command below another is shown, too", async () => {
    const { code, stdout } = await runCli(["help", "get", "device"]);
    expect(stdout).toBe((await runCli(["get", "device", "--help"])).stdout);
    expect(code).toBe(0);
  });

  it.each([
    [["help", "explainn"], "scitokens: unknown command 'explainn'\n(Did you mean explain?)\n"],
    [["help", "get", "devise"], "scitokens: unknown command 'devise'\n(Did you mean device?)\n"],
  ])("of what is no command says which was meant: %j", async (argv, says) => {
    const { code, stdout, stderr } = await runCli(argv);
    expect([stderr, stdout, code]).toEqual([says, "", 2]);
  });

  it("is what a person gets who types nothing more, and that is trouble", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect(stderr).toContain("Look at tokens:");
    expect([stdout, code]).toEqual(["", 2]);
  });
});

describe("slips", () => {
  it.each([
    [["explian"], "scitokens: unknown command 'explian'\n(Did you mean explain?)\n"],
    [["decode", "--jsn"], "scitokens: unknown option '--jsn'\n(Did you mean --json?)\n"],
    [["verify", "--audience"], "scitokens: option '--audience <name>' argument missing\n"],
    [["decode", "a", "b"], "scitokens: too many arguments for 'decode'. Expected 1 argument but got 2.\n"],
  ])("are told: %j", async (argv, says) => {
    const { code, stdout, stderr } = await runCli(argv);
    expect([stderr, stdout, code]).toEqual([says, "", 2]);
  });

  it("repeat no token that came in the wrong place", async () => {
    const token = tokenWith();
    for (const argv of [[token], ["decode", `--${token}`], ["verify", "--clock-tolerance", token], ["keys", token]]) {
      const { stdout, stderr } = await runCli([...argv, "--json"]);
      expect(stdout + stderr).not.toContain(token.slice(0, 24));
      expect(stderr).toContain("[token]");
    }
  });

  it("cannot write to the terminal what they like", async () => {
    expect((await runCli(["\u001b[2J\u009b1m"])).stderr).toBe("scitokens: unknown command '\\u001b[2J\\u009b1m'\n");
  });
});

describe("the program", () => {
  const run = (argv: readonly string[], input = ""): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [main, ...argv], { input, encoding: "utf8", env: { PATH: process.env["PATH"] } });

  it("says its package's version", () => {
    const { version } = JSON.parse(readFileSync(`${root}packages/cli/package.json`, "utf8")) as { version: string };
    expect(run(["--version"])).toMatchObject({ stdout: `${version}\n`, status: 0 });
  });

  it("reads stdin and tells its verdict by its exit code", () => {
    expect(run(["decode", "--json", "-"], tokenWith())).toMatchObject({ status: 0 });
    expect(run(["decode", "-"], "opaque")).toMatchObject({ status: 1 });
    expect(run(["decode", "--token-file", "/nowhere"])).toMatchObject({ status: 2 });
  });

  it("is quiet when its reader has seen enough, and when that is at once", async () => {
    const child = spawn(process.execPath, [main, "decode", "-"], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdout.destroy();
    child.stdin.end(tokenWith({ long: "x".repeat(9000) }));
    const errors: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    const [code] = (await once(child, "close")) as [number];
    expect(Buffer.concat(errors).toString()).toBe("warning: nothing of this token has been verified\n");
    expect(code).toBe(0);
  });

  it("says in a line that its output cannot be written, and that is trouble", async () => {
    const folder = mkdtempSync(join(tmpdir(), "scitokens-program-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    // A file that may not grow: as on a full disk, a write fails.
    const limited = `ulimit -f 0; exec ${process.execPath} ${main} decode - > ${folder}/out`;
    const { stderr, status } = spawnSync("sh", ["-c", limited], { input: tokenWith(), encoding: "utf8" });
    expect(stderr).toBe(
      "warning: nothing of this token has been verified\nscitokens: stdout cannot be written (EFBIG)\n",
    );
    expect(status).toBe(2);
  });

  it("opens no debugger for SIGUSR1", async () => {
    const child = spawn(process.execPath, [main, "create-token", "--key", "-", "--issuer", "https://x.example"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await new Promise<void>((resolve) => child.stdin.write(Buffer.alloc(1_000_000, " "), () => resolve()));
    child.kill("SIGUSR1");
    child.stdin.end();
    const [code] = (await once(child, "close")) as [number];
    expect([output, code]).toEqual(["scitokens: stdin: the file is empty: expected a key\n", 2]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends quietly by %s", async (signal, status) => {
    const child = spawn(process.execPath, [main, "create-token", "--key", "-", "--issuer", "https://x.example"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    // More than a pipe holds: when it is written, the command is there, and reads.
    await new Promise<void>((resolve) => child.stdin.write(Buffer.alloc(1_000_000, " "), () => resolve()));
    child.kill(signal);
    const [code] = (await once(child, "close")) as [number];
    expect([output, code]).toEqual(["", status]);
  });
});

it("a command loads no other, and none that it does not need of what is large", async () => {
  const [, ...loaded] = await loadedBy(["decode", "-"]);
  expect(loaded.filter((file) => /\/cli\/dist\/commands\//.test(file)).map((file) => basename(file))).toEqual([
    "decode.js",
  ]);
  expect(loaded.filter((file) => /\/(?:undici|openid-client|oidc-provider|client\/dist)\//.test(file))).toEqual([]);
});

/** The files of modules that a run loads; what it says goes first. */
async function loadedBy(argv: readonly string[]): Promise<readonly string[]> {
  const hook = `export async function load(url, context, next) { process._rawDebug("loaded " + url); return next(url, context); }`;
  const register = `import { register } from "node:module"; register("data:text/javascript,${encodeURIComponent(hook)}");`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(register)}`, main, ...argv];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input: tokenWith(), encoding: "utf8" });
  return [stdout, ...[...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url]) => url ?? "")];
}

it.each([
  ["commander", "command.ts"],
  ["undici", "network/fetch-with-ca.ts"],
])("%s has one door", (library, door) => {
  const users = sources("packages/cli/src").filter(({ imports }) => imports.includes(library));
  expect(users.map(({ path }) => path)).toEqual([`packages/cli/src/${door}`]);
});
