// A hostile client of examples/storage, which writes paths in every way that ever led out of somewhere.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rawRequest } from "../support/raw-request.js";
import { bearer, CANARY, EVERYTHING, furnished } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";

const UP: readonly string[] =
  `.. %2e%2e .%2e %2E. %252e%252e %25252e%25252e ..%00 %00.. %uff0e%uff0e ..%2f.. %2e%2e%2f%2e%2e
  ..%252f.. ..%5c.. ..\\.. ..%255c.. ..%c0%af.. ..%c1%9c.. %c0%ae%c0%ae %e0%80%ae%e0%80%ae ..%0d%0a ..%09
  %f0%80%80%ae%f0%80%80%ae`.split(/\s+/);

/** Names like others here, though something somewhere has taken them for steps upwards. */
const NAMES: readonly string[] = ["..;", "..;x=1", "..%20", "....", "...", "%ef%bc%8e%ef%bc%8e", "%e2%80%a5", "~", "-"];

/** Where the canary is, for whoever gets up. */
const WAYS: readonly string[] = [
  ...[...UP, ...NAMES].flatMap((up) => [
    `/wlcg/${[up, up, up].join("/")}/outside/secret`,
    `/wlcg/d/${[up, up, up, up].join("//")}/outside/secret`,
    `/wlcg/d/${up}/${up}/x`,
  ]),
  ...UP.map((up) => `/wlcg/${up}`),
  "/wlcg/./../../../outside/secret",
  "/wlcg/d/f/../../../../../outside/secret",
  "//../outside/secret",
  "/../wlcg/x",
  "/wlcg/%2f%2fetc/passwd",
  "/wlcg/proc%2fself%2fcwd",
  "/wlcg/d%2f..%2f..",
  "/WLCG/f",
  "/wlcgx/f",
  "/uploads",
  "/files",
];

/** All of them where a path is read anew or written; elsewhere some, for all methods read the target alike. */
const SOME = WAYS.filter((_, i) => i % 6 === 0);

const lines = [`Authorization: Bearer ${EVERYTHING}`, "Depth: 1"];

function treeOf(server: TestServer): unknown {
  const served = server.file("../..");
  return readdirSync(served, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => [name, name.endsWith("f") && readFileSync(join(served, name), "utf8")]);
}

describe("a path that leads out", () => {
  it.each([
    ["GET", WAYS],
    ["PUT", WAYS],
    ...["HEAD", "PROPFIND", "DELETE", "MKCOL", "MOVE", "COPY"].map((method) => [method, SOME] as const),
  ] as const)("is refused as the target of %s (R2)", async (method, ways) => {
    const server = await furnished();
    const before = treeOf(server);
    for (const target of ways) {
      const more = method === "MOVE" || method === "COPY" ? [...lines, "Destination: /wlcg/stolen"] : lines;
      const { status, body } = await rawRequest(server.port, { method, target, lines: more });
      expect([target, status >= 400 && status < 500, body.includes(CANARY)]).toEqual([target, true, false]);
    }
    expect(treeOf(server)).toEqual(before);
  });

  it.each([
    ["MOVE", "/wlcg/f", "Destination", WAYS],
    ["COPY", "/wlcg/f", "Destination", SOME],
    ["COPY", "/wlcg/new", "Source", WAYS],
  ])("is refused in %s %s as its %s (R2)", async (method, target, header, ways) => {
    const server = await furnished();
    const before = treeOf(server);
    for (const way of [...ways, ...SOME.map((path) => `http://localhost${path}`)]) {
      const { status } = await rawRequest(server.port, { method, target, lines: [...lines, `${header}: ${way}`] });
      expect([way, status >= 400 && status < 500]).toEqual([way, true]);
    }
    expect(treeOf(server)).toEqual(before);
  });

  it("is refused by the storage itself, should nobody have looked before", async () => {
    const { Storage } = await import("../../examples/storage/src/storage.js");
    const server = await furnished();
    const storage = await Storage.open(server.file("../.."));
    for (const path of ["/wlcg/../../../outside/secret", "/..", "/wlcg/.", "/wlcg/f\0", "wlcg/f", ""]) {
      await expect(storage.kind(path)).rejects.toMatchObject({ status: 400 });
    }
    await storage.close();
  });
});

describe("hard limits", () => {
  const ask = async (server: TestServer, name: string): Promise<readonly number[]> => [
    await server.status("GET", name),
    await server.status("PROPFIND", name, { lines: ["Depth: 1"] }),
    await server.status("DELETE", name),
    await server.status("PUT", name, { body: "x" }),
    await server.status("MKCOL", name),
    await server.status("MOVE", "/f", { lines: [`Destination: /wlcg${name}`] }),
    await server.status("COPY", "/d", { lines: [`Destination: /wlcg${name}`] }),
  ];

  it.each([
    ["a name of 300 bytes", `/${"n".repeat(300)}`, [404, 404, 404, 414, 414, 414, 414]],
    ["a name of 100 characters and 300 bytes", `/${"%E2%82%AC".repeat(100)}`, [404, 404, 404, 414, 414, 414, 414]],
    ["a name of 300 bytes on the way", `/${"n".repeat(300)}/f`, [404, 404, 404, 409, 409, 409, 409]],
    ["5000 names", "/a".repeat(5000), [404, 404, 404, 409, 409, 409, 409]],
    ["NUL", "/f%00", [400, 400, 400, 400, 400, 400, 400]],
  ])("answers %s", async (_, name, expected) => {
    const server = await furnished();
    expect(await ask(server, name)).toEqual(expected);
  });

  it("answers them for tokens that need a look at the disk, too (R3)", async () => {
    const server = await furnished();
    const create = [bearer("storage.create:/")];
    for (const [name, status] of [
      ["/a".repeat(4000), 409],
      [`/${"n".repeat(300)}`, 414],
    ] as const) {
      expect(await server.status("PUT", name, { lines: create, body: "x" })).toBe(status);
    }
  });

  it("takes names of 255 bytes, and 40 directories above a name", async () => {
    const server = await furnished();
    expect(await server.status("PUT", `/${"n".repeat(255)}`, { body: "x" })).toBe(201);
    const deep = "/a".repeat(38);
    mkdirSync(server.file(deep), { recursive: true });
    expect(await server.status("MKCOL", `${deep}/last`)).toBe(201);
    expect(await server.status("MKCOL", `${deep}/last/below`)).toBe(409);
    expect(await server.status("PUT", `${deep}/f`, { body: "x" })).toBe(201);
    expect(await server.status("PUT", `${deep}/last/f`, { body: "x" })).toBe(409);
  });

  it("removes in one go what is far deeper than it looks, and copies none of it", async () => {
    const server = await furnished();
    const deep = server.file(`d/${"deep/".repeat(100)}`);
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "f"), "x");
    expect(await server.status("COPY", "/d", { lines: ["Destination: /wlcg/e"] })).toBe(409);
    expect(await server.status("DELETE", "/d")).toBe(204);
    expect(readdirSync(server.file(""))).toEqual(["f"]);
  });
});
