// Issuers with certificates of a private CA, as grid sites have them: trusted where a file says so, and only there. Rule I4.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../structure/sources.js";
import { fetchWithCa } from "../../packages/cli/src/network/fetch-with-ca.js";
import { AUDIENCE, key, tokenWith } from "./issuer-world.js";
import { runCli, silentIo } from "./run-cli.js";
import { temporaryFolder } from "./temporary-folder.js";

const tls = (name: string): string => `${root}test/fixtures/tls/${name}`;
const server = createServer({ key: readFileSync(tls("key.pem")), cert: readFileSync(tls("certificate.pem")) });
let issuer = "";

beforeAll(async () => {
  server.on("request", (request, response) => {
    const answer = request.url === "/keys" ? { keys: [key.jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As a process, since what is trusted is the process's; with the time that it takes to end once it has answered. */
async function verify(more: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const seconds = Math.floor(Date.now() / 1000);
  const token = tokenWith({ iss: issuer, iat: seconds, nbf: seconds, exp: seconds + 600 });
  const trust = ["--issuer", issuer, "--audience", AUDIENCE, "--no-key-cache"];
  const child = spawn(process.execPath, [`${root}packages/cli/dist/main.js`, "verify", ...trust, ...more], {
    env: { PATH: process.env["PATH"], BEARER_TOKEN: token, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let answeredAt = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    answeredAt = performance.now();
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, output, lingered: performance.now() - answeredAt };
}

describe("an issuer with a certificate of a private CA", () => {
  it("is not believed without the CA's certificate, and explain says what to do (I4)", async () => {
    const { code, output } = await verify([]);
    expect(output).toMatch(/^not decided/);
    expect(output).toMatch(/--ca-file PEM, or NODE_EXTRA_CA_CERTS/);
    expect(code).toBe(2);
  });

  it("is believed with --ca-file, and the command ends with its answer", async () => {
    const { code, output, lingered } = await verify(["--ca-file", tls("certificate.pem")]);
    expect(output).toMatch(/^good\n/);
    expect(code).toBe(0);
    expect(lingered).toBeLessThan(2000); // no connection that is kept alive keeps the command
  });

  it.each(["SCITOKEN_CONFIG_TLS_CA_FILE", "NODE_EXTRA_CA_CERTS"])(
    "is believed where %s names the file",
    async (name) => {
      expect((await verify([], { [name]: tls("certificate.pem") })).code).toBe(0);
    },
  );

  it("is believed by commands that read no configuration, too", async () => {
    const io = { ...silentIo(), env: { SCITOKEN_CONFIG_TLS_CA_FILE: tls("certificate.pem") } };
    const fetch = await fetchWithCa(io, undefined);
    expect((await fetch(`${issuer}/keys`)).status).toBe(200);
    const ended = new AbortController();
    const ending = await fetchWithCa({ ...io, signal: ended.signal }, undefined);
    ended.abort(new Error("ended by SIGINT"));
    await expect(ending(`${issuer}/keys`)).rejects.toThrow("ended by SIGINT");
    const own = { signal: new AbortController().signal };
    await expect(ending(`${issuer}/keys`, own)).rejects.toThrow("ended by SIGINT");
  });
});

describe("a CA that is named beside others", () => {
  const folder = temporaryFolder();
  // It has certified nothing here.
  const other = folder.write("other.pem", rootCertificates[0] ?? "");
  /** A pipe with this text in it, to be read once. */
  const pipe = (name: string, text: string): string => {
    const path = folder.at(name);
    spawnSync("mkfifo", [path]);
    spawn("sh", ["-c", 'printf %s "$TEXT" > "$0"', path], { env: { ...process.env, TEXT: text } });
    return path;
  };

  it("does not take away what NODE_EXTRA_CA_CERTS names", async () => {
    const env = { NODE_EXTRA_CA_CERTS: tls("certificate.pem") };
    expect((await verify(["--ca-file", other], env)).code).toBe(0);
    expect((await verify(["--ca-file", other])).code).toBe(2);
  });

  it.each(["--ca-file", "SCITOKEN_CONFIG_TLS_CA_FILE"])("is read once by doctor: %s of a pipe", async (where) => {
    const fifo = pipe(where, readFileSync(tls("certificate.pem"), "utf8"));
    const flags = where === "--ca-file" ? [where, fifo] : [];
    const env = where === "--ca-file" ? {} : { [where]: fifo };
    const { code, json } = await runCli(["doctor", issuer, "--json", ...flags], {
      env,
      clock: () => Date.now() / 1000,
    });
    const { findings } = json as { readonly findings: readonly { readonly subject: string; readonly level: string }[] };
    expect(findings.filter(({ subject, level }) => subject === "tls" && level === "fail")).toEqual([]);
    expect(code).toBe(0);
  });

  it("is what get proposes where a certificate is not known", async () => {
    const argv = ["get", "client-credentials", "--issuer", issuer, "--client-id", "a", "--print"];
    const env = { SCITOKENS_CLIENT_SECRET: "s3cr3t" };
    const { code, stderr } = await runCli(argv, { env, fetch: globalThis.fetch });
    expect(stderr).toMatch(
      /its certificate is self-signed; if this is a private CA, give its certificate with --ca-file/,
    );
    expect(stderr).not.toMatch(/s3cr3t|authority of your own/);
    expect(code).toBe(2);
  });
});
