// The command as a whole: help, versions, slips of the keyboard, and how it behaves in a pipe.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Command } from "../../packages/cli/src/command.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { root, sources } from "../structure/sources.js";
import { tokenWith } from "./issuer-world.js";
import { runCli, silentIo } from "./run-cli.js";

const main = `${root}packages/cli/dist/main.js`;
const commands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(commands)];
const named = commands(createProgram(silentIo())).map((command) => ({ command, path: pathOf(command) }));

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

it.each([
  ["commander", "command.ts"],
  ["undici", "network/fetch-with-ca.ts"],
])("%s has one door", (library, door) => {
  const users = sources("packages/cli/src").filter(({ imports }) => imports.includes(library));
  expect(users.map(({ path }) => path)).toEqual([`packages/cli/src/${door}`]);
});
