// scitokens issuer: runs until it is ended, keeps its key in a file, and says how to get tokens.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCli } from "./run-cli.js";
import type { Result } from "./run-cli.js";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-issuer-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the issuer on any free port until the visit is over. */
async function issuer(
  args: readonly string[],
  visit: (url: string) => Promise<void> = async () => {},
): Promise<Result> {
  const ending = new AbortController();
  let visiting: Promise<void> | undefined;
  const onOutput = (text: string): void => {
    const url = /https?:\/\/[^\s"]+/.exec(text)?.[0];
    if (url === undefined || visiting !== undefined) return;
    visiting = visit(url).finally(() => ending.abort(new Error("ended by SIGINT")));
    visiting.catch(() => {});
  };
  const result = await runCli(["issuer", "--port", "0", ...args], { signal: ending.signal, onOutput });
  await visiting;
  return result;
}

const live = { fetch: globalThis.fetch, clock: (): number => Date.now() / 1000 };

it("ends well by Ctrl-C, and nobody listens any more", async () => {
  let url = "";
  const { code, stderr } = await issuer([], async (at) => {
    url = at;
    expect((await fetch(`${at}/.well-known/openid-configuration`)).status).toBe(200);
  });
  expect([code, stderr]).toEqual([0, ""]);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

it("the commands that it prints give tokens", async () => {
  let ran: Result | undefined;
  const { stdout } = await issuer(["--approve", "everyone"], async (url) => {
    const args = [
      "get",
      "client-credentials",
      "--issuer",
      url,
      "--allow-insecure-issuer",
      "--client-id",
      "demo-service",
    ];
    ran = await runCli([...args, "--client-secret-file", "-", "--scope", "read:/", "--print"], {
      ...live,
      stdin: "demo-secret\n",
    });
  });
  expect(ran?.code).toBe(0);
  expect(ran?.stdout).toMatch(/^eyJ/);
  expect(stdout).toMatch(
    /scitokens get client-credentials --issuer http:\S+ --allow-insecure-issuer --client-id demo-service /,
  );
});

it("keeps its key in a private file, so that tokens outlive a restart", async () => {
  const file = join(folder, "key.pem");
  const kids: unknown[] = [];
  const look = async (url: string): Promise<void> => void kids.push(await (await fetch(`${url}/jwks`)).json());
  const first = await issuer(["--key", file, "--alg", "ES384"], look);
  expect(first.stderr).toBe(`warning: a new ES384 key was written to ${file}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = await issuer(["--key", file], look);
  expect(second.stderr).toBe("");
  expect(kids[0]).toEqual(kids[1]);
  const secret = readFileSync(file, "utf8").split("\n")[1] ?? "";
  expect(`${first.stdout}${second.stdout}`).not.toContain(secret);
});

it("says where it is as one line of JSON, under its path", async () => {
  const { stdout } = await issuer(["--path", "/vo1", "--json"]);
  expect(JSON.parse(stdout)).toEqual({
    issuer: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/vo1$/),
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
});

it("speaks https with a certificate, and doctor finds nothing wrong with it", async () => {
  let report: Result | undefined;
  await issuer(["--tls-cert", fixture("certificate.pem"), "--tls-key", fixture("key.pem")], async (url) => {
    report = await runCli(["doctor", url, "--ca-file", fixture("certificate.pem"), "--json"], live);
  });
  expect(report?.json).toMatchObject({ verdict: "ok" });
});

it.each([
  [["--port", "65536"], /Expected a port, 0 to 65535/],
  [["--host", "0.0.0.0"], /loopback/],
  [["--alg", "HS256"], /HS256/],
  [["--path", "vo1"], /path must be/],
  [["--tls-cert", fixture("certificate.pem")], /--tls-cert and --tls-key go together/],
  [["--key", fixture("certificate.pem")], /certificate\.pem: /],
])("what is wrong is trouble: %j", async (args, says) => {
  const { code, stdout, stderr } = await issuer(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(says);
});

it("a key is not made where the options are wrong", async () => {
  const file = join(folder, "key.pem");
  await issuer(["--key", file, "--alg", "none"]);
  expect(existsSync(file)).toBe(false);
});

it("the commands that it prints over https name its certificate", async () => {
  const { stdout } = await issuer(["--tls-cert", fixture("certificate.pem"), "--tls-key", fixture("key.pem")]);
  expect(stdout).toContain(`--ca-file ${fixture("certificate.pem")} --client-id demo `);
  expect(stdout).toContain(`  curl --cacert ${fixture("certificate.pem")} -H `);
  expect(stdout).not.toContain("--allow-insecure-issuer");
});
