// scitokens doctor as a command: exit codes, JSON, --ca-file, and a real certificate on loopback.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { startDevIssuer } from "@scitokens/issuer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testKey } from "../support/sign.js";
import { runCli } from "./run-cli.js";

const certificateFile = fileURLToPath(new URL("../fixtures/tls/certificate.pem", import.meta.url));
const keyFile = fileURLToPath(new URL("../fixtures/tls/key.pem", import.meta.url));
const key = testKey("ES256", "key-1");
const world = { fetch: globalThis.fetch, clock: () => Date.now() / 1000 };

describe("a development issuer on loopback", () => {
  it("passes where http is allowed, and the exit code says so", async () => {
    await using issuer = await startDevIssuer();
    const { code, stdout, stderr } = await runCli(["doctor", issuer.issuer, "--allow-insecure-issuer"], world);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^warn {2}issuer {4}plain http, as allowed\n {16}-> /);
    expect(stdout).toMatch(/\n0 failed, 1 to look at, \d+ ok\n$/);
  });

  it("fails where http is not allowed, as data too", async () => {
    const { code, json, stderr } = await runCli(["doctor", "http://127.0.0.1:1", "--json"], world);
    expect([code, stderr]).toEqual([1, ""]);
    expect(json).toMatchObject({
      issuer: "http://127.0.0.1:1",
      verdict: "fail",
      findings: [{ subject: "issuer", level: "fail", advice: expect.stringContaining("--allow-insecure-issuer") }],
    });
  });
});

describe("over TLS", () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (request, response) => {
      const issuer = `https://${request.headers.host}`;
      const document = request.url === "/keys" ? { keys: [key.jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
      response.setHeader("content-type", "application/json").end(JSON.stringify(document));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("says what to do about a self-signed certificate (I2)", async () => {
    const { code, stdout } = await runCli(["doctor", `https://127.0.0.1:${port}`], world);
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail {2}tls {7}its certificate is self-signed; issued by localhost\n {16}-> .*--ca-file/);
    expect(stdout).toMatch(/fail {2}server/);
  });

  it("passes with the CA at hand (I2)", async () => {
    const args = ["doctor", `https://127.0.0.1:${port}`, "--ca-file", certificateFile, "--json"];
    const { code, json } = await runCli(args, world);
    expect(json).toMatchObject({ verdict: "ok" });
    expect(JSON.stringify(json)).toContain("the certificate is good until 2120-01-01");
    expect(code).toBe(0);
  });

  it("says when the certificate is for another host (I2)", async () => {
    server.close();
    server.closeAllConnections();
    server.listen(0, "127.0.0.2");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
    const args = ["doctor", `https://127.0.0.2:${port}`, "--ca-file", certificateFile];
    const { code, stdout } = await runCli(args, world);
    expect(code).toBe(1);
    expect(stdout.match(/ tls .*/g)).toEqual([
      expect.stringMatching(/its certificate is for another host: it names DNS:localhost/),
    ]);
  });

  it("says when it is no TLS port", async () => {
    await using issuer = await startDevIssuer();
    const { code, stdout } = await runCli(["doctor", issuer.issuer.replace("http:", "https:")], world);
    expect(code).toBe(1);
    expect(stdout).toMatch(/warn {2}tls {7}the certificate could not be looked at: /);
  });
});

it.each([
  [["doctor"], /missing required argument 'issuer'/],
  [["doctor", "https://x.example", "--ca-file", "/nowhere/ca.pem"], /\/nowhere\/ca\.pem: there is no such file/],
  [["doctor", "https://x.example", "--ca-file", keyFile], /expected certificates in PEM/],
  [["doctor", "https://x.example", "--timeout", "soon"], /Expected seconds/],
])("usage and trouble end with 2: %j", async (args, says) => {
  const { code, stdout, stderr } = await runCli(args, world);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(says);
});
