// scitokens find: says which place won, why the others did not, and never the token unless asked.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { signToken, testKey } from "../support/sign.js";
import { NOW, runCli } from "./run-cli.js";
import type { Result } from "./run-cli.js";

const key = testKey("ES256", "key-1");
const tokenWith = (claims: object): string =>
  signToken(key, {
    iss: "https://issuer.example.org",
    scope: "read:/store",
    exp: NOW + 600,
    nbf: NOW,
    iat: NOW,
    ...claims,
  });
const wide = tokenWith({ aud: "https://data.example.org" });
const other = tokenWith({ aud: "https://other.example.org" });
const UID = process.geteuid?.() ?? 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-find-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Env = Readonly<Record<string, string>>;

async function find(args: readonly string[], env: Env): Promise<Result> {
  const result = await runCli(["find", ...args], { env: { XDG_RUNTIME_DIR: folder, ...env }, uid: UID });
  if (args.includes("--print")) return result;
  for (const token of [wide, other]) expect(`${result.stdout}${result.stderr}`).not.toContain(token.split(".")[1]);
  return result;
}

it("says which place won, and how long the token lives", async () => {
  const { code, stdout, stderr } = await find([], { BEARER_TOKEN: wide });
  expect([code, stdout, stderr]).toEqual([0, "token in BEARER_TOKEN; it ends in 10 min\n", ""]);
});

it("says with --verbose why each place before it did not win", async () => {
  const file = join(folder, `bt_u${UID}`);
  writeFileSync(file, wide, { mode: 0o600 });
  const { code, stdout } = await find(["-v", "--audience", "https://data.example.org"], { SCITOKEN: other });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^SCITOKEN: .*audience/);
  expect(lines).toContain("BEARER_TOKEN: not set");
  expect(lines.at(-2)).toMatch(/bt_u\d+.*: taken$/);
  expect(lines.at(-1)).toMatch(/^token in the file .*bt_u\d+.*; it ends in 10 min$/);
});

it("says the same as data", async () => {
  const { json } = await find(["--json", "--audience", "https://data.example.org"], {
    SCITOKEN: other,
    BEARER_TOKEN: wide,
  });
  expect(json).toMatchObject({ found: true, source: "BEARER_TOKEN", expiresAt: NOW + 600 });
  expect((json as { places: unknown[] }).places).toEqual(
    expect.arrayContaining([
      { place: "SCITOKEN", fits: false, why: expect.stringContaining("aud") },
      { place: "BEARER_TOKEN", fits: true },
    ]),
  );
});

it("prints the token alone with --print", async () => {
  const { code, stdout, stderr } = await find(["--print"], { BEARER_TOKEN: ` ${wide}\n` });
  expect([code, stdout, stderr]).toEqual([0, `${wide}\n`, ""]);
});

it.each([
  ["nothing anywhere", [], {}, /BEARER_TOKEN_FILE: not set/],
  ["another audience", ["--audience", "https://data.example.org"], { BEARER_TOKEN: other }, /BEARER_TOKEN: .*aud/],
  ["too narrow a scope", ["--scope", "write:/store"], { BEARER_TOKEN: wide }, /BEARER_TOKEN: .*scope/],
  ["another issuer", ["--issuer", "https://x.example"], { BEARER_TOKEN: wide }, /BEARER_TOKEN: .*issue/],
  ["too little time", ["--time-left", "1h"], { BEARER_TOKEN: wide }, /BEARER_TOKEN: it lives for 600 s more/],
  ["no token in it", [], { BEARER_TOKEN: "two words" }, /BEARER_TOKEN: not a token/],
])("exit code 1 where there is %s", async (_, args, env, says) => {
  const plain = await find(args, env);
  expect([plain.code, plain.stdout]).toEqual([1, ""]);
  expect(plain.stderr).toMatch(/^scitokens: no token that fits:\n/);
  expect(plain.stderr).toMatch(says);
  const verbose = await find(["-v", ...args], env);
  expect([verbose.code, verbose.stderr]).toEqual([1, ""]);
  const data = await find(["--json", ...args], env);
  expect([data.code, data.stderr]).toEqual([1, ""]);
  expect(data.json).toMatchObject({ found: false });
  expect((await find(["--print", ...args], env)).stdout).toBe("");
});

it("warns of a file that others may read", async () => {
  const file = join(folder, "token");
  writeFileSync(file, wide, { mode: 0o644 });
  const { code, stderr } = await find([], { BEARER_TOKEN_FILE: file });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: .*0644|^warning: .*others/);
});
