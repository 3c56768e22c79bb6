// scitokens get: tokens by every grant of a real OAuth issuer on loopback, into files that only their owner reads.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeUnverified } from "@scitokens/core";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "./run-cli.js";
import type { World } from "./run-cli.js";

const SECRET = "s3cr3t-of-the-robot";
const UID = process.geteuid?.() ?? 0;
const OWN = `bt_u${UID}`;
let issuer: OAuthIssuer;
let folder: string;

beforeAll(async () => {
  issuer = await startOAuthIssuer({
    approve: "everyone",
    clients: [{ clientId: "person" }, { clientId: "robot", clientSecret: SECRET }],
  });
});
afterAll(() => issuer.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-get-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);
const claimsOf = (file: string) => decodeUnverified(readFileSync(file, "utf8").trim()).claims;

/** The world of a user whose tokens go to the folder. */
const world = (more: World = {}): World => ({
  fetch: globalThis.fetch,
  clock: () => Date.now() / 1000,
  uid: UID,
  ...more,
  env: { XDG_RUNTIME_DIR: folder, SCITOKENS_CLIENT_SECRET: SECRET, ...more.env },
});

const get = (kind: string, args: readonly string[], more?: World) =>
  runCli(["get", kind, "--issuer", issuer.issuer, "--allow-insecure-issuer", ...args], world(more));
/** A public client: it has no secret. */
const person = (kind: string, args: readonly string[], more: World = {}) =>
  get(kind, ["--client-id", "person", ...args], { ...more, env: { SCITOKENS_CLIENT_SECRET: "" } });
const robot = ["--client-id", "robot", "--scope", "read:/store"];

describe("where the token goes", () => {
  it("to the place where discovery looks for it, mode 0600", async () => {
    const { code, stdout, stderr } = await get("client-credentials", robot);
    const file = inFolder(OWN);
    expect([code, stderr]).toEqual([0, ""]);
    const told = `client credentials at ${issuer.issuer}: token written to ${file}; it ends in`;
    expect(stdout.replace(/9 min 5\d s/, "10 min")).toBe(`${told} 10 min\n`); // a second may have passed
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(claimsOf(file)).toMatchObject({ iss: issuer.issuer, scope: "read:/store" });
  });

  it("to the file of --out, and JSON says which, without the token", async () => {
    const { json } = await get("client-credentials", [...robot, "--out", inFolder("token"), "--json"]);
    expect(json).toEqual({
      file: inFolder("token"),
      source: expect.any(String),
      expiresAt: claimsOf(inFolder("token"))["exp"],
      scope: "read:/store",
    });
  });

  it("to $BEARER_TOKEN_FILE, and a $BEARER_TOKEN that would be taken first is told", async () => {
    const env = { BEARER_TOKEN_FILE: inFolder("named"), BEARER_TOKEN: "other" };
    const { stderr } = await get("client-credentials", robot, { env });
    expect(existsSync(inFolder("named"))).toBe(true);
    expect(stderr).toMatch(/^warning: \$BEARER_TOKEN is set: programs take that token before this one/);
  });

  it("to stdout alone with --print, and to no file", async () => {
    const { stdout, stderr } = await get("client-credentials", [...robot, "--print"]);
    expect(decodeUnverified(stdout.trimEnd()).claims).toMatchObject({ scope: "read:/store" });
    expect([stdout.split("\n").length, stderr, existsSync(inFolder(OWN))]).toEqual([2, "", false]);
  });

  it("nowhere, where the folder cannot be written", async () => {
    const { code, stderr } = await get("client-credentials", [...robot, "--out", inFolder("no/such/folder")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/not written: /);
  });
});

describe("each way", () => {
  it("takes a client's secret from a file, or from stdin", async () => {
    writeFileSync(inFolder("secret"), `${SECRET}\n`);
    const env = { SCITOKENS_CLIENT_SECRET: "wrong" };
    for (const [file, stdin] of [[inFolder("secret")], ["-", `${SECRET}\n`]] as const) {
      const args = [...robot, "--client-secret-file", file];
      expect((await get("client-credentials", args, { env, ...(stdin !== undefined && { stdin }) })).code).toBe(0);
    }
  });

  it("asks a person once: prompt on stderr, a QR code on a terminal, the refresh token in its file", async () => {
    const args = ["--scope", "read:/store", "--refresh-token-file", inFolder("refresh")];
    const first = await person("device", [...args, "--print"], { isTTY: true });
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/Open.*\/device/);
    expect(first.stderr).toMatch(/Enter.*[A-Z]{4}-[A-Z]{4}/);
    expect(first.stderr).toMatch(/[█▀▄]{5}/);
    expect(statSync(inFolder("refresh")).mode & 0o777).toBe(0o600);
    const before = readFileSync(inFolder("refresh"), "utf8");

    const again = await person("device", args);
    expect([again.code, again.stderr]).toEqual([0, ""]);
    const narrower = await person("refresh", [...args.slice(2), "--scope", "read:/store/run7"]);
    expect(narrower.code).toBe(0);
    expect(claimsOf(inFolder(OWN))).toMatchObject({ scope: "read:/store/run7" });
    const after = readFileSync(inFolder("refresh"), "utf8");
    expect(after).not.toBe(before);
    for (const secret of [before, after].map((text) => text.trim())) {
      for (const { stdout, stderr } of [first, again, narrower]) expect(`${stdout}${stderr}`).not.toContain(secret);
    }
  });

  it("draws no QR code where no terminal is", async () => {
    const { stderr } = await person("device", ["--scope", "read:/"]);
    expect(stderr).toMatch(/Open {4}http/);
    expect(stderr).not.toMatch(/[█▀▄]/);
  });

  it("exchanges the token that discovery finds for a narrower one", async () => {
    await get("client-credentials", robot);
    const args = ["--client-id", "robot", "--scope", "read:/store/run7", "--out", inFolder("narrow")];
    const { code, stderr } = await get("exchange", args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(claimsOf(inFolder("narrow"))).toMatchObject({ scope: "read:/store/run7" });
  });

  it("asks oidc-agent by its socket", async () => {
    const raw = await issuer.token({ scope: "read:/store" });
    const asked: unknown[] = [];
    const agent = await startAgent(inFolder("agent"), (request) => {
      asked.push(request);
      return { status: "success", access_token: raw, issuer: issuer.issuer, expires_at: 2_000_000_000 };
    });
    const args = ["get", "agent", "--account", "wlcg", "--scope", "read:/store", "--print"];
    const { code, stdout } = await runCli(args, world({ env: { OIDC_SOCK: inFolder("agent") } }));
    agent.close();
    expect([code, stdout]).toEqual([0, `${raw}\n`]);
    expect(asked).toEqual([expect.objectContaining({ account: "wlcg", scope: "read:/store" })]);
  });
});

/** Answers each request of oidc-agent's protocol: one JSON text each way. */
async function startAgent(socket: string, answer: (request: unknown) => unknown): Promise<Server> {
  const server = createServer((connection) => {
    connection.on("error", () => {});
    connection.once("data", (text) => connection.end(JSON.stringify(answer(JSON.parse(text.toString())))));
  });
  server.listen(socket);
  await once(server, "listening");
  return server;
}

describe("what is missing or wrong is said in flags, with exit code 2", () => {
  it.each([
    ["client-credentials", [], /--client-id is missing/],
    ["client-credentials", ["--client-id", "robot"], /secret is missing: give --client-secret-file, or \$SCITOKENS/],
    ["refresh", ["--client-id", "person"], /refresh token is missing: give --refresh-token-file/],
    [
      "client-credentials",
      ["--client-id", "robot", "--client-secret-file", "/nowhere"],
      /\/nowhere: there is no such file/,
    ],
    ["device", ["--client-id", "person", "--audience-style", "odd"], /Allowed choices are space-separated/],
    ["device", ["--client-id", "person", "--print", "--json"], /'--print' cannot be used with option '--json'/],
  ])("get %s %j", async (kind, args, says) => {
    const { code, stderr } = await get(kind, args, { env: { SCITOKENS_CLIENT_SECRET: "" } });
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });

  it("an issuer over http that nobody allowed", async () => {
    const { code, stderr } = await runCli(
      ["get", "device", "--issuer", issuer.issuer, "--client-id", "person"],
      world(),
    );
    expect([code, stderr]).toEqual([
      2,
      "scitokens: --issuer must be https; for loopback and tests there is --allow-insecure-issuer\n",
    ]);
  });

  it("an agent that does not run", async () => {
    const { code, stderr } = await runCli(["get", "agent", "--account", "wlcg"], world());
    expect(code).toBe(2);
    expect(stderr).toMatch(/is it running in this shell/);
  });

  it("a Vault that is not named", async () => {
    const { code, stderr } = await runCli(["get", "vault"], world());
    expect(code).toBe(2);
    expect(stderr).toMatch(/--address is missing/);
  });
});

describe("no secret is ever told", () => {
  it.each([
    [
      "a wrong secret",
      ["--client-id", "robot"],
      { SCITOKENS_CLIENT_SECRET: "wr0ng-s3cr3t-of-robot" },
      "wr0ng-s3cr3t-of-robot",
    ],
    ["an unknown client", ["--client-id", "nobody"], {}, SECRET],
    ["a scope that is not allowed", ["--client-id", "robot", "--scope", "admin:/"], {}, SECRET],
  ])("%s", async (_, args, env, secret) => {
    const { code, stdout, stderr } = await get("client-credentials", args, { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^scitokens: client credentials at http/);
    expect(`${stdout}${stderr}`).not.toContain(secret);
  });

  it("a refresh token that is no longer good", async () => {
    writeFileSync(inFolder("refresh"), "a-refresh-token-of-yesterday\n");
    const args = ["--refresh-token-file", inFolder("refresh")];
    const { code, stdout, stderr } = await person("refresh", args);
    expect(code).toBe(2);
    expect(`${stdout}${stderr}`).not.toContain("refresh-token-of");
  });
});

it("Ctrl-C ends the wait for a person", async () => {
  const asking = await startOAuthIssuer({ clients: [{ clientId: "person" }] });
  const ending = new AbortController();
  const { code, stdout } = await runCli(
    ["get", "device", "--issuer", asking.issuer, "--allow-insecure-issuer", "--client-id", "person"],
    world({
      env: { SCITOKENS_CLIENT_SECRET: "" },
      signal: ending.signal,
      onOutput: (text) => text.includes("Waiting") && ending.abort(new Error("ended by SIGINT")),
    }),
  );
  await asking.close();
  expect([code, stdout]).toEqual([130, ""]);
});
