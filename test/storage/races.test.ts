// Requests of examples/storage that meet: one wins, and nobody sees half of anything.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bearer, furnished, startStorage } from "./storage-server.js";
import { begin } from "./upload-by-hand.js";

const TEN = Array.from({ length: 10 }, (_, i) => i);

/** Long enough for many pieces, and recognisable in each. */
const content = (i: number): string => String(i).repeat(100_000 + i);

const isWhole = (text: string): boolean => text === content(Number(text[0]));

function count(statuses: readonly number[]): object {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe("ten at once", () => {
  it.each([
    ["PUT", "the right to modify", [], { 201: 1, 204: 9 }],
    ["PUT", "If-None-Match", ["If-None-Match: *"], { 201: 1, 412: 9 }],
    ["PUT", "the right to create", [bearer("storage.create:/")], { 201: 1, 403: 9 }],
    ["MKCOL", "the right to modify", [], { 201: 1, 405: 9 }],
    ["MKCOL", "the right to create", [bearer("storage.create:/")], { 201: 1, 405: 9 }],
  ])("of %s with %s: one creates (R3)", async (method, _, lines, expected) => {
    const server = await startStorage();
    const ask = (i: number): Promise<number> =>
      server.status(method, "/new", { lines, ...(method === "PUT" && { body: content(i) }) });
    expect(count(await Promise.all(TEN.map(ask)))).toEqual(expected);
    if (method === "PUT") expect(isWhole(readFileSync(server.file("new"), "utf8"))).toBe(true);
  });

  it("that know one state: one replaces it, and none what that has made of it", async () => {
    const server = await furnished();
    const { etag = "" } = (await server.ask("HEAD", "/f")).headers;
    const put = (i: number): Promise<number> =>
      server.status("PUT", "/f", { lines: [`If-Match: ${etag}`], body: content(i) });
    expect(count(await Promise.all(TEN.map(put)))).toEqual({ 204: 1, 412: 9 });
  });

  it.each(["MOVE", "COPY"])("of %s to one place: one gets there, without Overwrite", async (method) => {
    const server = await startStorage();
    for (const i of TEN) writeFileSync(server.file(`${i}`), content(i));
    const lines = ["Destination: /wlcg/new", "Overwrite: F"];
    const statuses = await Promise.all(TEN.map((i) => server.status(method, `/${i}`, { lines })));
    expect(count(statuses)).toEqual({ 201: 1, 412: 9 });
    expect(readFileSync(server.file("new"), "utf8")).toBe(content(statuses.indexOf(201)));
    expect(readdirSync(server.file(""))).toHaveLength(method === "MOVE" ? 10 : 11);
  });
});

describe("readers during changes", () => {
  it("of a file get it wholly old or wholly new, under one tag each", async () => {
    const server = await startStorage();
    await server.ask("PUT", "/f", { body: content(0) });
    const tags = new Map<string, string>();
    const writing = { on: true };
    const read = async (): Promise<void> => {
      while (writing.on) {
        const { status, headers, body } = await server.ask("GET", "/f");
        expect([status, isWhole(body)]).toEqual([200, true]);
        const tag = headers["etag"] ?? "";
        expect(tags.get(tag) ?? body[0]).toBe(body[0]);
        tags.set(tag, body[0] ?? "");
      }
    };
    const write = async (): Promise<void> => {
      for (const i of TEN) expect(await server.status("PUT", "/f", { body: content(i) })).toBe(204);
      writing.on = false;
    };
    await Promise.all([read(), read(), read(), write()]);
    expect(tags.size).toBeGreaterThan(1);
  });

  it("of a directory that is replaced find the old one or the new one, never none", async () => {
    const server = await startStorage();
    for (const name of ["a", "b", "d"]) mkdirSync(server.file(name));
    for (const name of ["a/f", "b/f", "d/f"]) writeFileSync(server.file(name), name);
    const lines = ["Destination: /wlcg/d"];
    const changing = { on: true };
    const read = async (): Promise<void> => {
      while (changing.on) expect(await server.status("GET", "/d/f")).toBe(200);
    };
    const change = async (): Promise<void> => {
      for (const _ of TEN.slice(0, 5)) {
        expect(await server.status("COPY", "/a", { lines })).toBe(204);
        expect(await server.status("COPY", "/b", { lines: ["Destination: /wlcg/e"] })).toBe(201);
        expect(await server.status("MOVE", "/e", { lines })).toBe(204);
      }
      changing.on = false;
    };
    await Promise.all([read(), read(), change()]);
  });
});

describe("an upload into a directory", () => {
  it.each([
    ["that is deleted meanwhile", "DELETE", []],
    ["that is moved meanwhile", "MOVE", ["Destination: /wlcg/e"]],
  ])("%s ends as 409, with nothing anywhere", async (_, method, lines) => {
    const server = await furnished();
    const upload = begin(server, "PUT /d/new", ["Content-Length: 8"]);
    upload.socket.write("half");
    await expect
      .poll(() => readdirSync(server.file("../../uploads"), { recursive: true }), { interval: 5 })
      .toHaveLength(2);
    expect(await server.status(method, "/d", { lines })).toBeLessThan(300);
    upload.socket.write("full");
    expect(await upload.status()).toBe(409);
    expect(
      readdirSync(server.file(""), { recursive: true, encoding: "utf8" }).some((name) => name.endsWith("new")),
    ).toBe(false);
  });

  it("that is deleted at the same moment is there as a whole, or not, and never elsewhere", async () => {
    const server = await startStorage();
    for (let round = 0; round < 8; round++) {
      mkdirSync(server.file("d"), { recursive: true });
      const [removed, ...put] = await Promise.all([
        server.status("DELETE", "/d"),
        ...TEN.slice(0, 4).map((i) => server.status("PUT", `/d/${i}`, { body: content(i) })),
      ]);
      expect(removed).toBe(204);
      for (const status of put) expect([201, 409]).toContain(status);
      expect(readdirSync(server.file(""))).toEqual([]);
    }
  });

  it("and a MOVE of what it writes: the old content moves, or the new, and the other is kept or gone as a whole", async () => {
    const server = await startStorage();
    for (let round = 0; round < 6; round++) {
      await server.ask("PUT", "/f", { body: content(0) });
      const [put, moved] = await Promise.all([
        server.status("PUT", "/f", { body: content(1) }),
        server.status("MOVE", "/f", { lines: ["Destination: /wlcg/g"] }),
      ]);
      expect([201, 204]).toContain(put);
      expect([201, 204]).toContain(moved);
      for (const name of readdirSync(server.file(""))) {
        expect(isWhole(readFileSync(server.file(name), "utf8"))).toBe(true);
      }
      // Replaced and then moved; or moved, and then created.
      expect(readFileSync(server.file("g"), "utf8")[0]).toBe(put === 204 ? "1" : "0");
    }
  });
});

it("two directories are never moved into each other, which would take both away", async () => {
  const server = await startStorage();
  for (let round = 0; round < 5; round++) {
    for (const name of ["a", "b"]) mkdirSync(server.file(name), { recursive: true });
    const statuses = await Promise.all([
      server.status("MOVE", "/a", { lines: ["Destination: /wlcg/b/a"] }),
      server.status("MOVE", "/b", { lines: ["Destination: /wlcg/a/b"] }),
    ]);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    for (const name of readdirSync(server.file(""))) expect(await server.status("DELETE", `/${name}`)).toBe(204);
  }
});
