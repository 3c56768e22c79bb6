// scitokens renew: tokens of several accounts, each on its own; once, and over time.
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessToken, TokenError } from "@scitokens/client";
import { decodeUnverified } from "@scitokens/core";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TokenPlan } from "../../packages/cli/src/renew/config.js";
import { keepRenewing } from "../../packages/cli/src/renew/keep-renewing.js";
import type { Renewing } from "../../packages/cli/src/renew/keep-renewing.js";
import type { Outcome } from "../../packages/cli/src/renew/renew-token.js";
import { runCli } from "./run-cli.js";
import type { World } from "./run-cli.js";

const SECRET = "s3cr3t-of-the-robot";
let issuer: OAuthIssuer;
let folder: string;

beforeAll(async () => {
  issuer = await startOAuthIssuer({ approve: "everyone", clients: [{ clientId: "robot", clientSecret: SECRET }] });
});
afterAll(() => issuer.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-renew-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);

function writeConfig(tokens: string, secret = SECRET): string {
  const account = `[account robot]\ntoken_request_url = ${issuer.issuer}/token\nclient_id = robot\nclient_secret = ${secret}\n`;
  const wrong = account.replace("[account robot]", "[account wrong]").replace(secret, "wr0ng-s3cret");
  writeFileSync(inFolder("config.ini"), `${account}${wrong}[account wlcg]\npassword_file = ${folder}/pw\n${tokens}`);
  return inFolder("config.ini");
}

const section = (name: string, account: string, more = ""): string =>
  `[token ${name}]\naccount = ${account}\ntoken_path = ${folder}/${name}.token\n${more}\n`;

const renew = (args: readonly string[], more: World = {}) =>
  runCli(["renew", "--config", inFolder("config.ini"), "--allow-insecure-issuer", ...args], {
    fetch: globalThis.fetch,
    clock: () => Date.now() / 1000,
    uid: process.geteuid?.() ?? 0,
    ...more,
  });
const claimsOf = (name: string) => decodeUnverified(readFileSync(inFolder(`${name}.token`), "utf8").trim()).claims;

describe("once", () => {
  it("writes each token, mode 0600, for its audience and scope", async () => {
    writeConfig(section("a", "robot", "scope = read:/store\naudience = https://a.example https://b.example"));
    const { code, stdout, stderr } = await renew(["--once"]);
    expect([code, stderr]).toEqual([0, ""]);
    const told = stdout.replace(/9 min 5\d s/, "10 min"); // a second may have passed
    expect(told).toBe(`renewed  a: ${inFolder("a.token")}, ends in 10 min\n`);
    expect(claimsOf("a")).toMatchObject({ scope: "read:/store", aud: ["https://a.example", "https://b.example"] });
    expect(statSync(inFolder("a.token")).mode & 0o777).toBe(0o600);
  });

  it("one token's failure stops no other, and exit code 1 says so", async () => {
    writeConfig(
      section("bad", "wrong") +
        section("worse", "robot", "scope = admin:/") +
        section("good", "robot", "scope = read:/"),
    );
    const { code, stdout, stderr } = await renew(["--once"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {3}bad: client credentials at .*\nfailed {3}worse: .*\nrenewed {2}good: /);
    expect(stderr).toBe("scitokens: 2 of 3 tokens could not be renewed\n");
    expect(claimsOf("good")).toMatchObject({ scope: "read:/" });
    expect(`${stdout}${stderr}`).not.toMatch(/wr0ng|s3cr/);
  });

  it("says the same as data", async () => {
    writeConfig(section("bad", "wrong") + section("good", "robot", "scope = read:/"));
    const { code, json } = await renew(["--once", "--json"]);
    expect(code).toBe(1);
    expect(json).toEqual({
      tokens: [
        { name: "bad", path: inFolder("bad.token"), outcome: "failed", why: expect.any(String) },
        { name: "good", path: inFolder("good.token"), outcome: "renewed", expiresAt: claimsOf("good")["exp"] },
      ],
      failed: 1,
    });
  });

  it("keeps a token that lives longer than min_lifetime, and renews one that does not", async () => {
    writeConfig(section("a", "robot", "scope = read:/\nmin_lifetime = 300"));
    await renew(["--once"]);
    const first = readFileSync(inFolder("a.token"), "utf8");
    expect((await renew(["--once"])).stdout).toMatch(/^kept {5}a: .*ends in (?:10|9) min/);
    expect(readFileSync(inFolder("a.token"), "utf8")).toBe(first);
    writeConfig(section("a", "robot", "scope = read:/\nmin_lifetime = 900"));
    expect((await renew(["--once"])).stdout).toMatch(/^renewed/);
    expect(readFileSync(inFolder("a.token"), "utf8")).not.toBe(first);
  });

  it("an address that must not be asked is that token's failure", async () => {
    writeConfig(section("a", "robot", "scope = read:/"));
    const { code, stdout } = await runCli(["renew", "--config", inFolder("config.ini"), "--once"]);
    expect([code, stdout]).toEqual([
      1,
      "failed   a: --token-endpoint must be https; for loopback and tests there is --allow-insecure-issuer\n",
    ]);
  });

  it("a file that cannot be written is that token's failure", async () => {
    writeConfig(`[token a]\naccount = robot\nscope = read:/\ntoken_path = ${folder}/no/such/token\n`);
    const { code, stdout } = await renew(["--once"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {3}a: .*not written/);
  });

  it.each([
    ["[token a]\n", /config\.ini: \[token a\]: account is missing/],
    ["no section", /config\.ini: line \d+: /],
  ])("a configuration that is wrong is trouble: %j", async (text, says) => {
    writeFileSync(inFolder("config.ini"), text);
    const { code, stdout, stderr } = await renew(["--once"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });

  it("a configuration that is missing is trouble", async () => {
    const { code, stderr } = await renew(["--once"]);
    expect([code, stderr]).toEqual([2, `scitokens: ${inFolder("config.ini")}: there is no such file\n`]);
  });
});

describe("accounts of oidc-agent", () => {
  /** Programs of this name, in a folder that PATH begins with. */
  const install = (name: string, script: string): void => {
    writeFileSync(inFolder(name), `#!/bin/sh\n${script}\n`);
    chmodSync(inFolder(name), 0o755);
  };
  const env = (): NonNullable<World["env"]> => ({
    PATH: `${folder}:${process.env["PATH"]}`,
    OIDC_SOCK: inFolder("agent"),
  });

  async function startAgent(): Promise<Server> {
    const raw = await issuer.token({ scope: "storage.read:/" });
    const server = createServer((connection) => {
      connection.on("error", () => {});
      connection.once("data", () =>
        connection.end(
          JSON.stringify({ status: "success", access_token: raw, issuer: issuer.issuer, expires_at: 2_000_000_000 }),
        ),
      );
    });
    server.listen(inFolder("agent"));
    await once(server, "listening");
    return server;
  }

  it("are opened once each with their password file, and give the token", async () => {
    const agent = await startAgent();
    install("oidc-add", `echo "$@" >> ${folder}/added`);
    writeConfig(section("a", "wlcg") + section("b", "wlcg", "min_lifetime = 30"));
    const { code, stdout } = await renew(["--once"], { env: env() });
    agent.close();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^renewed {2}a: .*\nrenewed {2}b: /)]);
    expect(readFileSync(inFolder("added"), "utf8")).toBe(`--skip-check --pw-store --pw-file=${folder}/pw wlcg\n`);
  });

  it("are opened without --skip-check by oidc-agent 4, which does not know it", async () => {
    const agent = await startAgent();
    install("oidc-add", `[ "$1" = --skip-check ] && exit 64; echo "$@" > ${folder}/added`);
    writeConfig(section("a", "wlcg"));
    expect((await renew(["--once"], { env: env() })).code).toBe(0);
    agent.close();
    expect(readFileSync(inFolder("added"), "utf8")).toBe(`--pw-store --pw-file=${folder}/pw wlcg\n`);
  });

  it("whose password is wrong fail with oidc-add's own words, made printable", async () => {
    install("oidc-add", `printf 'noise\\nError: \\033[31mwrong password\\n' >&2; exit 1`);
    writeConfig(section("a", "wlcg") + section("b", "robot", "scope = read:/"));
    const { code, stdout } = await renew(["--once"], { env: env() });
    expect(code).toBe(1);
    expect(stdout).toContain(
      String.raw`failed   a: oidc-agent's account wlcg cannot be opened: Error: \u001b[31mwrong password`,
    );
    expect(stdout).toMatch(/renewed {2}b: /);
  });

  it("say so where oidc-agent is not installed, and other tokens are renewed", async () => {
    writeConfig(section("a", "wlcg") + section("b", "robot", "scope = read:/"));
    const { code, stdout } = await renew(["--once"], { env: { PATH: folder } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {3}a: oidc-agent is not installed\nrenewed {2}b: /);
  });

  it("have an agent of the command's own where none runs, which ends with it", async () => {
    install(
      "oidc-agent",
      `for a; do case $a in --socket-path=*) s=\${a#*=};; esac; done; echo $$ > ${folder}/pid; : > $s; exec sleep 60`,
    );
    install("oidc-add", "echo not now >&2; exit 1");
    writeConfig(section("a", "wlcg"));
    const { stdout } = await renew(["--once"], { env: { PATH: `${folder}:${process.env["PATH"]}`, TMPDIR: folder } });
    expect(stdout).toMatch(/cannot be opened: not now/);
    const pid = Number(readFileSync(inFolder("pid"), "utf8"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("over time", () => {
  const plan = (name: string, changes: Partial<TokenPlan> = {}): TokenPlan => ({
    name,
    account: { kind: "agent", name: "wlcg", passwordFile: "/pw" },
    path: `/tokens/${name}`,
    audience: undefined,
    scope: undefined,
    minLifetime: undefined,
    ...changes,
  });

  /** A clock that only sleeping moves; each token is on its own, so tests of time have one. */
  function world(life: (attempt: number) => number | "fails", rounds: number) {
    const ending = new AbortController();
    const seen: { outcome: Outcome; at: number; nextAt: number }[] = [];
    let now = 1_790_000_000;
    const start = now;
    let attempt = 0;
    const renewing: Renewing = {
      signal: ending.signal,
      clock: () => now,
      random: () => 0.5,
      sleep: (seconds) => {
        now += seconds;
        return Promise.resolve();
      },
      current: () => Promise.reject(new TokenError("not_found", "no file", { source: "test" })),
      write: () => Promise.resolve(),
      sourceOf: async () => ({
        token: async () => {
          const seconds = life(attempt++);
          if (seconds === "fails") throw new TokenError("unreachable", "the issuer is down", { source: "test" });
          return new AccessToken("x", { source: "test", expiresAt: now + seconds });
        },
      }),
      onOutcome(outcome, nextAt) {
        seen.push({ outcome, at: now - start, nextAt: nextAt - start });
        if (seen.length === rounds) ending.abort(new Error("ended by SIGTERM"));
      },
    };
    return { renewing, seen };
  }

  it("renews at half of each life, and ends by its signal", async () => {
    const { renewing, seen } = world(() => 600, 4);
    await expect(keepRenewing([plan("a")], renewing)).rejects.toThrow("ended by SIGTERM");
    expect(seen.map(({ at, nextAt }) => [at, nextAt])).toEqual([
      [0, 300],
      [300, 600],
      [600, 900],
      [900, 1200],
    ]);
  });

  it("backs off while the issuer is down, and goes on as before afterwards", async () => {
    const { renewing, seen } = world((attempt) => ([1, 2, 3, 5].includes(attempt) ? "fails" : 600), 7);
    await expect(keepRenewing([plan("a")], renewing)).rejects.toThrow("ended by SIGTERM");
    expect(seen.map(({ outcome, at }) => [outcome.outcome, at])).toEqual([
      ["renewed", 0],
      ["failed", 300],
      ["failed", 310],
      ["failed", 330],
      ["renewed", 370],
      ["failed", 670],
      ["renewed", 680],
    ]);
  });

  it("a token that hangs delays no other", async () => {
    const { renewing, seen } = world(() => 600, 3);
    const stuck: Renewing = {
      ...renewing,
      sourceOf: (of) => (of.name === "stuck" ? new Promise(() => {}) : renewing.sourceOf(of)),
    };
    const outcome = keepRenewing([plan("stuck"), plan("good")], stuck);
    await expect(outcome).rejects.toThrow("ended by SIGTERM");
    expect(seen.map(({ outcome: { name } }) => name)).toEqual(["good", "good", "good"]);
  });

  it("as a command prints each renewal with the next one, and Ctrl-C is its good end", async () => {
    writeConfig(section("a", "robot", "scope = read:/"));
    const ending = new AbortController();
    const onOutput = (): void => ending.abort(new Error("ended by SIGINT"));
    const { code, stdout, stderr } = await renew([], { signal: ending.signal, onOutput });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^renewed {2}a: .*, ends in 10 min; again in (?:4|5) min.*\n$/);
  });
});
