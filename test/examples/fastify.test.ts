// The Fastify example, started as a program beside a development issuer, and asked.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { root } from "../structure/sources.js";
import { rawRequest } from "../support/raw-request.js";
import type { RawResponse } from "../support/raw-request.js";
import { start } from "../support/run.js";
import type { Running } from "../support/run.js";

describe("examples/fastify, like an origin of the OSDF", () => {
  const audience = "https://origin.example.org";
  const frame = "/igwn/ligo/H1/run%204.gwf";
  let directory = "";
  let issuer: DevIssuer;
  let running: Running;
  let port = 0;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "origin-"));
    await mkdir(join(directory, "igwn/ligo/H1"), { recursive: true });
    await writeFile(join(directory, "igwn/ligo/H1/run 4.gwf"), "strain");
    await writeFile(join(directory, "secret"), "not in the namespace of the issuer");
    await symlink(`${root}package.json`, join(directory, "igwn/ligo/out"));
    issuer = await startDevIssuer();
    const env = { ISSUER: issuer.issuer, AUDIENCE: audience, DIRECTORY: directory, PORT: "0" };
    running = start("node", ["dist/service.js"], { cwd: `${root}examples/fastify`, env });
    port = Number(new URL((await running.printed(/listening on (http:\S+)/))[1] ?? "").port);
  });
  afterAll(async () => {
    await running?.stop();
    await issuer?.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function ask(target: string, claims?: object, method = "GET"): Promise<RawResponse> {
    const raw = claims && (await issuer.token({ aud: audience, ...claims }));
    return rawRequest(port, { method, target, lines: raw === undefined ? [] : [`Authorization: Bearer ${raw}`] });
  }
  const status = async (...asked: Parameters<typeof ask>): Promise<number> => (await ask(...asked)).status;

  it("gives each file to the tokens that cover its path, in the area of their issuer (S4, S8)", async () => {
    expect(await status("/health")).toBe(200);
    expect(await ask(frame, { scope: "read:/ligo" })).toMatchObject({ status: 200, body: "strain" });
    expect(await status(frame, { scope: "read:/ligo/H1/run%204.gwf" })).toBe(200);
    expect(await status(frame, { scope: "read:/igwn/ligo" })).toBe(403);
    expect(await status(frame, { scope: "read:/ligo/L1 write:/ligo" })).toBe(403);
    expect(await status(frame)).toBe(401);
  });

  it("takes tokens for any audience, and none for another's (C5, C6)", async () => {
    expect(await status(frame, { scope: "read:/ligo", aud: "ANY" })).toBe(200);
    expect(await status(frame, { scope: "read:/ligo", aud: "https://other.example.org" })).toBe(401);
  });

  it("tells the size of a file to whoever may look at it (R3)", async () => {
    const head = await ask(frame, { scope: "write:/ligo" }, "HEAD");
    expect([head.status, head.headers["content-length"], head.body]).toEqual([200, "6", ""]);
    expect(await status(frame, { scope: "read:/" }, "DELETE")).toBe(404);
  });

  it("leaves its directory by no spelling of a path, and by no link (R2)", async () => {
    const all = { scope: "read:/" };
    for (const target of ["/igwn/../secret", "/igwn/%2e%2e/secret", "/igwn/..%2fsecret", "/igwn/%252e%252e/secret"]) {
      expect([target, await status(target, all)]).toEqual([target, 400]);
    }
    for (const target of ["/igwn/ligo/out", "/igwn/ligo", "/igwn/ligo/H1/", "/igwn/missing", `${frame}/x`]) {
      expect([target, await status(target, all)]).toEqual([target, 404]);
    }
  });

  it("tells clients without a token who issues them (H7)", async () => {
    const { body } = await ask("/.well-known/oauth-protected-resource");
    expect(JSON.parse(body)).toMatchObject({ resource: audience, authorization_servers: [issuer.issuer] });
  });
});
