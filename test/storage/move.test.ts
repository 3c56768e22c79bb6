// MOVE and COPY of examples/storage: files, directories, onto one another. RFC 4918 9.8, 9.9.
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bearer, furnished } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";

/** All below /wlcg: directories with a slash, files with their content. */
function tree(server: TestServer): readonly string[] {
  return readdirSync(server.file(""), { recursive: true, encoding: "utf8" })
    .map((name) =>
      statSync(server.file(name)).isDirectory() ? `${name}/` : `${name}: ${readFileSync(server.file(name), "utf8")}`,
    )
    .toSorted();
}

const AS_IT_WAS = ["d/", "d/f: of d/f", "d/sub/", "d/sub/f: of d/sub/f", "f: of f"];

describe.each(["MOVE", "COPY"])("%s", (method) => {
  const ask = (server: TestServer, source: string, lines: readonly string[]): Promise<number> =>
    server.status(method, source, { lines });

  it.each([
    ["a file", "/f", "/g", "f", 201, ["g: of f"]],
    ["a file onto a file", "/f", "/d/f", "f", 204, ["d/f: of f"]],
    ["a file onto a directory", "/f", "/d/sub", "f", 204, ["d/sub: of f"]],
    ["a directory", "/d", "/e", "d", 201, ["e/", "e/f: of d/f", "e/sub/", "e/sub/f: of d/sub/f"]],
    ["a directory, with slashes", "/d/", "/e/", "d", 201, ["e/", "e/f: of d/f", "e/sub/", "e/sub/f: of d/sub/f"]],
    ["a directory onto a file", "/d/sub", "/f", "d/sub", 204, ["f/", "f/f: of d/sub/f"]],
    ["a directory onto itself elsewhere", "/d/sub", "/wlcg", "d/sub", 201, ["wlcg/", "wlcg/f: of d/sub/f"]],
  ])("takes %s: %s to %s", async (_, source, destination, gone, status, expected) => {
    const server = await furnished();
    expect(await ask(server, source, [`Destination: /wlcg${destination}`])).toBe(status);
    const now = tree(server);
    const isOf = (name: string, path: string): boolean =>
      [`${path}/`, `${path}:`].some((start) => name.startsWith(start));
    const replaced = destination.replaceAll(/^\/|\/$/g, "");
    const kept = AS_IT_WAS.filter((name) => !isOf(name, replaced) && (method === "COPY" || !isOf(name, gone)));
    expect(now).toEqual([...kept, ...expected].toSorted());
  });

  it("replaces a directory with all that is in it", async () => {
    const server = await furnished();
    await server.ask("MKCOL", "/e");
    await server.ask("PUT", "/e/only", { body: "x" });
    expect(await ask(server, "/e", ["Destination: http://localhost/wlcg/d"])).toBe(204);
    expect(tree(server).filter((name) => name.startsWith("d/"))).toEqual(["d/", "d/only: x"]);
  });

  it.each([
    ["onto what is there, with Overwrite: F", "/f", ["Destination: /wlcg/d", "Overwrite: F"], 412],
    ["with an Overwrite that is neither T nor F", "/f", ["Destination: /wlcg/g", "Overwrite: maybe"], 400],
    ["of what is not there", "/missing", ["Destination: /wlcg/g"], 404],
    ["of a file that is called a directory", "/f/", ["Destination: /wlcg/g"], 404],
    ["to where no directory is", "/f", ["Destination: /wlcg/missing/g"], 409],
    ["to below a file", "/d", ["Destination: /wlcg/f/d"], 409],
    ["onto a file that is called a directory", "/d/f", ["Destination: /wlcg/f/"], 409],
    ["into itself", "/d", ["Destination: /wlcg/d/sub/d"], 403],
    ["onto itself", "/f", ["Destination: /wlcg/f"], 403],
    ["onto itself, with a slash", "/d", ["Destination: /wlcg/d/"], 403],
    ["onto what it is in", "/d/sub", ["Destination: /wlcg/d"], 403],
    ["onto the area", "/f", ["Destination: /wlcg"], 403],
    ["of something else by now", "/f", ["Destination: /wlcg/g", 'If-Match: "other"'], 412],
    ["to another server", "/f", ["Destination: https://other.example.org/wlcg/g"], 403],
    ["to nowhere", "/f", [], 400],
    ["of a directory with Depth 1", "/d", ["Destination: /wlcg/e", "Depth: 1"], 400],
  ])("%s is refused, and nothing is touched", async (_, source, lines, status) => {
    const server = await furnished();
    expect([await ask(server, source, lines), tree(server)]).toEqual([status, AS_IT_WAS]);
  });

  it("goes round what is in the way and is no file: 409", async () => {
    const server = await furnished();
    symlinkSync(server.outside("secret"), server.file("link"));
    expect(await ask(server, "/f", ["Destination: /wlcg/link"])).toBe(409);
    expect(await ask(server, "/d", ["Destination: /wlcg/link"])).toBe(409);
    expect(await ask(server, "/link", ["Destination: /wlcg/g"])).toBe(404);
  });
});

describe("COPY", () => {
  it("of a directory leaves out what is neither file nor directory", async () => {
    const server = await furnished();
    symlinkSync(server.outside("secret"), server.file("d/link"));
    symlinkSync(server.outside("dir"), server.file("d/sub/linked"));
    expect(await server.status("COPY", "/d", { lines: ["Destination: /wlcg/e"] })).toBe(201);
    expect(readdirSync(server.file("e"), { recursive: true, encoding: "utf8" }).toSorted()).toEqual([
      "f",
      "sub",
      "sub/f",
    ]);
  });

  it("with Depth 0 makes an empty directory", async () => {
    const server = await furnished();
    expect(await server.status("COPY", "/d", { lines: ["Destination: /wlcg/e", "Depth: 0"] })).toBe(201);
    expect(readdirSync(server.file("e"))).toEqual([]);
  });

  it("by its Source, to the path that it is sent to", async () => {
    const server = await furnished();
    expect(await server.status("COPY", "/g", { lines: ["Source: /wlcg/d/f"] })).toBe(201);
    expect(readFileSync(server.file("g"), "utf8")).toBe("of d/f");
    // Conditions are the target's, which is the destination here.
    expect(await server.status("COPY", "/g", { lines: ["Source: /wlcg/f", "If-None-Match: *"] })).toBe(412);
    expect(await server.status("COPY", "/h", { lines: ["Source: /wlcg/f", "If-None-Match: *"] })).toBe(201);
  });

  it("needs read at the source and a right at the destination (R3)", async () => {
    const server = await furnished();
    const status = (scope: string): Promise<number> =>
      server.status("COPY", "/f", { lines: [bearer(scope), "Destination: /wlcg/d/g"] });
    expect(await status("storage.read:/f")).toBe(403);
    expect(await status("storage.create:/d")).toBe(403);
    expect(await status("storage.read:/f storage.create:/d")).toBe(201);
    expect(await status("storage.read:/f storage.create:/d")).toBe(403);
    expect(await status("storage.read:/f storage.modify:/d")).toBe(204);
  });

  it("is no snapshot, but no mixture of files either: what vanishes meanwhile is 409", async () => {
    const server = await furnished();
    for (let i = 0; i < 50; i++) writeFileSync(server.file(`d/sub/${i}`), "x");
    const [copied] = await Promise.all([
      server.status("COPY", "/d", { lines: ["Destination: /wlcg/e"] }),
      server.status("MOVE", "/d/sub", { lines: ["Destination: /wlcg/elsewhere"] }),
    ]);
    expect([201, 409]).toContain(copied);
    const copies = existsSync(server.file("e/sub")) ? readdirSync(server.file("e/sub")).length : 0;
    expect([0, 51]).toContain(copies);
  });
});
