// examples/storage as a program, beside a development issuer: whom it trusts, and what it allows to groups.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { root } from "../structure/sources.js";
import { rawRequest } from "../support/raw-request.js";
import { start } from "../support/run.js";
import type { Running } from "../support/run.js";

describe("examples/storage, like a storage element of WLCG", () => {
  const directory = mkdtempSync(join(tmpdir(), "storage-"));
  const names = ["https://storage.example.org", "https://storage-1.example.org"];
  let issuer: DevIssuer;
  let running: Running;
  let port = 0;
  beforeAll(async () => {
    issuer = await startDevIssuer();
    const env = { ISSUER: issuer.issuer, AUDIENCE: names.join(","), DIRECTORY: directory, PORT: "0" };
    running = start("node", ["dist/service.js"], { cwd: `${root}examples/storage`, env });
    port = Number(new URL((await running.printed(/listening on (http:\S+)/))[1] ?? "").port);
    for (const name of ["protected", "open"]) await ask("MKCOL", `/${name}`, WRITER);
  });
  afterAll(async () => {
    await running?.stop();
    await issuer?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const WRITER = { scope: "storage.modify:/ storage.read:/" };
  const of = (...groups: readonly string[]) => ({ "wlcg.groups": groups });

  async function ask(method: string, name: string, claims: object, lines: readonly string[] = []): Promise<number> {
    const given = { aud: names[0], "wlcg.ver": "1.0", sub: "a", jti: "b", ...claims };
    const token = await issuer.token(given, { profile: "wlcg" });
    const body = method === "PUT" ? { body: "x" } : {};
    const sent = { method, target: `/wlcg${name}`, lines: [`Authorization: Bearer ${token}`, ...lines], ...body };
    return (await rawRequest(port, sent)).status;
  }

  it("answers to each of its names, and to no other (C5)", async () => {
    for (const aud of names) expect(await ask("PUT", "/open/f", { ...WRITER, aud })).toBeLessThan(300);
    expect(await ask("PUT", "/open/f", { ...WRITER, aud: "https://other.example.org" })).toBe(401);
    expect(readdirSync(join(directory, "files/wlcg/open"))).toEqual(["f"]);
    expect(await ask("GET", "/open/f", WRITER, [`Destination: ${names[1]}/wlcg/open/g`])).toBe(200);
    expect(await ask("COPY", "/open/f", WRITER, [`Destination: ${names[1]}/wlcg/open/g`])).toBe(201);
    expect(await ask("COPY", "/open/f", WRITER, ["Destination: https://other.example.org/wlcg/open/h"])).toBe(403);
  });

  it.each([
    ["PUT", "/open/of-group", ["/wlcg"], 201],
    ["GET", "/open/f", ["/wlcg"], 200],
    ["PUT", "/protected/f", ["/wlcg"], 403],
    ["PUT", "/protected/f", ["/wlcg/test"], 201],
    ["GET", "/protected/f", ["/wlcg"], 200],
    ["GET", "/open/f", ["/wlcg/test"], 403],
    ["PUT", "/protected/g", ["/wlcg", "/wlcg/test"], 201],
    ["GET", "/open/f", ["/wlcg/other"], 403],
    ["DELETE", "/protected", ["/wlcg"], 403],
  ])("%s %s by members of %j: %i (S7)", async (method, name, groups, status) => {
    expect(await ask(method, name, of(...groups))).toBe(status);
  });

  it("judges a token that has capabilities by them alone (S7)", async () => {
    expect(await ask("PUT", "/open/f", { ...of("/wlcg"), scope: "storage.read:/" })).toBe(403);
  });

  it("keeps its area, whoever asks", async () => {
    expect(await ask("DELETE", "", WRITER)).toBe(403);
    expect(await ask("DELETE", "/", WRITER)).toBe(403);
    expect(existsSync(join(directory, "files/wlcg/open"))).toBe(true);
  });

  it("tells everybody whom it trusts (H7)", async () => {
    const { status, body } = await rawRequest(port, { target: "/.well-known/oauth-protected-resource" });
    expect([status, JSON.parse(body)]).toMatchObject([200, { authorization_servers: [issuer.issuer] }]);
    expect((await rawRequest(port, { target: "/health" })).status).toBe(200);
    expect((await rawRequest(port, { target: "/wlcg/open/f" })).status).toBe(401);
  });
});
