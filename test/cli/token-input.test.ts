// Which token a command is about: a file, stdin, what discovery finds; and never one that `ps` must show.
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { tokenWith } from "./issuer-world.js";
import { runCli } from "./run-cli.js";
import type { Result, World } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const folder = temporaryFolder();
const token = tokenWith();
const file = folder.write("token.txt", `${token}\n`);
const decode = (argv: readonly string[], world?: World): Promise<Result> =>
  runCli(["decode", "--json", ...argv], world);
const sourceOf = async (argv: readonly string[], world?: World): Promise<unknown> => {
  const { json, stderr } = await decode(argv, world);
  expect(stderr).toBe("warning: nothing of this token has been verified\n");
  return (json as { readonly source: unknown }).source;
};

describe("a token comes from", () => {
  it("a file that is named", async () => {
    expect(await sourceOf([file])).toBe(`the file ${file}`);
    expect(await sourceOf(["--token-file", file])).toBe(`the file ${file}`);
  });

  it("stdin", async () => {
    const stdin = `\n\t ${token}\r\n`;
    expect(await sourceOf(["-"], { stdin })).toBe("stdin");
    expect(await sourceOf(["--token-file", "-"], { stdin })).toBe("stdin");
  });

  it("discovery, when nothing is named", async () => {
    expect(await sourceOf([], { env: { BEARER_TOKEN: token } })).toBe("BEARER_TOKEN");
    expect(await sourceOf([], { env: { BEARER_TOKEN_FILE: file }, uid: process.geteuid?.() ?? 0 })).toContain(file);
    expect(await sourceOf([], { env: { SCITOKEN: tokenWith({ exp: 4_000_000_000 }) } })).toBe("SCITOKEN");
  });

  it("the JSON that HTCondor keeps it in, and token endpoints answer with", async () => {
    const use = folder.write("scitokens.use", JSON.stringify({ access_token: token, expires_in: 600 }));
    expect(await sourceOf([use])).toBe(`the file ${use}`);
  });
});

describe("a token among the arguments", () => {
  it("is taken, with a warning that it can be seen", async () => {
    const { code, stderr } = await decode([token]);
    expect(code).toBe(0);
    expect(stderr).toContain("warning: a token among the arguments is seen by every user of this machine (ps)");
    expect(stderr).not.toContain(token.slice(-20));
  });

  it.each([
    ["half of one", token.slice(0, 80)],
    ["one with its scheme", `Bearer ${token}`],
    ["one in quotes", `"${token}"`],
  ])("is not repeated: %s", async (_, text) => {
    const { code, stdout, stderr } = await decode([text]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/eyJ\w/);
  });
});

describe("there is no token", () => {
  it.each([
    ["anywhere", [], {}, /no token was found/],
    ["in a file that is not there", ["nowhere.txt"], {}, /nowhere\.txt: there is no such file/],
    ["in a file that is not there", ["--token-file", "/nowhere/t"], {}, /\/nowhere\/t: there is no such file/],
    ["in a folder", [folder.path], {}, /this is a directory, not a file/],
    ["in an empty file", [folder.write("empty", " \n")], {}, /is empty: expected a token/],
    ["on an empty stdin", ["-"], {}, /stdin is empty/],
    ["for sure, when two are named", [file, "--token-file", file], {}, /given twice/],
    ["in a megabyte of text", ["-"], { stdin: "x".repeat(1_048_577) }, /stdin: expected at most 1048576 bytes/],
  ] as const)("%s: trouble", async (_, argv, world, says) => {
    const { code, stderr, json } = await decode(argv, world);
    expect(stderr).toMatch(says);
    expect(json).toEqual({ error: expect.stringMatching(says) });
    expect(code).toBe(2);
  });
});

describe("a person at a terminal", () => {
  it("is told what is waited for", async () => {
    const { stderr } = await decode(["-"], { stdin: token, stdinIsTTY: true });
    expect(stderr).toContain("paste the token, then press Ctrl-D\n");
  });

  it("ends the wait by Ctrl-C, and nothing more is said", async () => {
    const ending = new AbortController();
    const ended = decode(["-"], { stdin: new Readable({ read: () => {} }), signal: ending.signal });
    ending.abort(new Error("ended by SIGINT"));
    expect(await ended).toMatchObject({ code: 130, stdout: "", stderr: "" });
  });
});
