// examples/storage by its methods, over HTTP: what each does, and what it answers. RFC 9110 9.3, RFC 4918 9.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bearer, furnished, startStorage } from "./storage-server.js";

describe("PUT", () => {
  it("creates with 201, replaces with 204, and tells the new entity tag (R3)", async () => {
    const server = await startStorage();
    const created = await server.ask("PUT", "/f", { body: "one" });
    expect([created.status, readFileSync(server.file("f"), "utf8")]).toEqual([201, "one"]);
    const replaced = await server.ask("PUT", "/f", { body: "two" });
    expect([replaced.status, readFileSync(server.file("f"), "utf8")]).toEqual([204, "two"]);
    expect(replaced.headers["etag"]).not.toBe(created.headers["etag"]);
    const read = await server.ask("GET", "/f");
    expect(read).toMatchObject({ status: 200, body: "two", headers: { etag: replaced.headers["etag"] } });
    expect(statSync(server.file("f")).mode & 0o777).toBe(0o644);
  });

  it.each([
    ["/d", 405],
    ["/d/", 405],
    ["/new/", 405],
    ["/", 405],
    ["/missing/f", 409],
    ["/f/below", 409],
  ])("makes no file of %s: %i", async (name, status) => {
    const server = await furnished();
    expect(await server.status("PUT", name, { body: "x" })).toBe(status);
  });

  it.each([
    [["If-Match: *"], 412],
    [["If-None-Match: *"], 201],
    [['If-Match: "other"'], 412],
    [["If: (<urn:uuid:1>)"], 412],
    [["Content-Range: bytes 0-1/9"], 400],
  ])("with %j, where nothing is: %i", async (lines, status) => {
    const server = await furnished();
    expect([await server.status("PUT", "/new", { lines, body: "x" }), existsSync(server.file("new"))]).toEqual([
      status,
      status === 201,
    ]);
  });

  it("replaces what the client knows, and nothing else", async () => {
    const server = await furnished();
    const { etag = "" } = (await server.ask("HEAD", "/f")).headers;
    expect(await server.status("PUT", "/f", { lines: ["If-None-Match: *"], body: "x" })).toBe(412);
    expect(await server.status("PUT", "/f", { lines: [`If-Match: ${etag}`], body: "x" })).toBe(204);
    expect(await server.status("PUT", "/f", { lines: [`If-Match: ${etag}`], body: "y" })).toBe(412);
    expect(readFileSync(server.file("f"), "utf8")).toBe("x");
  });

  it("takes no more than the largest upload, declared or not: 413", async () => {
    const server = await startStorage({ largest: 10 });
    expect(await server.status("PUT", "/f", { body: "0123456789" })).toBe(201);
    expect(await server.status("PUT", "/g", { body: "0123456789+" })).toBe(413);
    const chunked = ["Transfer-Encoding: chunked", "", "b", "0123456789+", "0"];
    expect(await server.status("PUT", "/g", { lines: chunked })).toBe(413);
    expect(readdirSync(server.file(""))).toEqual(["f"]);
  });
});

describe("GET and HEAD", () => {
  it("give a file with its length, tag and date, for nobody to run (R3)", async () => {
    const server = await furnished();
    for (const [method, body] of [
      ["GET", "of f"],
      ["HEAD", ""],
    ] as const) {
      const answer = await server.ask(method, "/f");
      expect(answer).toMatchObject({ status: 200, body });
      expect(answer.headers).toMatchObject({
        "content-length": "4",
        "content-type": "application/octet-stream",
        "x-content-type-options": "nosniff",
        "accept-ranges": "bytes",
        "last-modified": statSync(server.file("f")).mtime.toUTCString(),
      });
    }
  });

  it("give an empty file, and no part of it", async () => {
    const server = await startStorage();
    await server.ask("PUT", "/empty", { body: "" });
    for (const method of ["GET", "HEAD"]) {
      const { status, headers, body } = await server.ask(method, "/empty");
      expect([status, headers["content-length"], body]).toEqual([200, "0", ""]);
    }
    expect(await server.status("GET", "/empty", { lines: ["Range: bytes=0-"] })).toBe(416);
  });

  it.each([
    ["/missing", 404],
    ["/missing/f", 404],
    ["/f/", 404],
    ["/f/below", 404],
    ["/d", 405],
    ["/d/", 405],
  ])("have no file at %s: %i", async (name, status) => {
    const server = await furnished();
    expect([await server.status("GET", name), await server.status("HEAD", name)]).toEqual([status, status]);
  });

  it("know what the client has already: 304", async () => {
    const server = await furnished();
    const { etag = "", "last-modified": modified = "" } = (await server.ask("HEAD", "/f")).headers;
    for (const line of [`If-None-Match: ${etag}`, `If-None-Match: W/${etag}`, `If-Modified-Since: ${modified}`]) {
      expect(await server.ask("GET", "/f", { lines: [line] })).toMatchObject({
        status: 304,
        body: "",
        headers: { etag },
      });
    }
    expect(await server.status("GET", "/f", { lines: ['If-None-Match: "other"'] })).toBe(200);
    expect(await server.status("GET", "/f", { lines: ['If-Match: "other"'] })).toBe(412);
  });

  it.each([
    ["bytes=0-1", 206, "of", "bytes 0-1/4"],
    ["bytes=-1", 206, "f", "bytes 3-3/4"],
    ["bytes=4-", 416, "", "bytes */4"],
    ["bytes=0-0,2-2", 200, "of f", undefined],
  ])("answer Range: %s with %i", async (range, status, body, contentRange) => {
    const server = await furnished();
    const answer = await server.ask("GET", "/f", { lines: [`Range: ${range}`] });
    expect([answer.status, answer.body, answer.headers["content-range"]]).toEqual([status, body, contentRange]);
    expect(await server.status("HEAD", "/f", { lines: [`Range: ${range}`] })).toBe(200);
  });

  it("give a part only of the very file that the client has a part of", async () => {
    const server = await furnished();
    const { etag = "", "last-modified": modified = "" } = (await server.ask("HEAD", "/f")).headers;
    const part = async (condition: string): Promise<number> =>
      server.status("GET", "/f", { lines: ["Range: bytes=0-1", `If-Range: ${condition}`] });
    expect([await part(etag), await part('"other"'), await part(`W/${etag}`), await part(modified)]).toEqual([
      206, 200, 200, 200,
    ]);
  });
});

describe("DELETE", () => {
  it.each([
    ["/f", [], 204],
    ["/d", [], 204],
    ["/d/", ["Depth: infinity"], 204],
    ["/d/sub/f", ["Depth: 0"], 204],
    ["/d", ["Depth: 0"], 400],
    ["/d", ['If-Match: "other"'], 412],
    ["/f/", [], 404],
    ["/missing", [], 404],
    ["/", [], 403],
  ])("%s %j: %i", async (name, lines, status) => {
    const server = await furnished();
    expect(await server.status("DELETE", name, { lines })).toBe(status);
    if (status !== 404) expect(existsSync(server.file(name))).toBe(status !== 204);
    expect(existsSync(server.file("f"))).toBe(name !== "/f" || status === 404);
  });
});

describe("MKCOL", () => {
  it.each([
    ["/new", {}, 201],
    ["/d/new/", {}, 201],
    ["/d", {}, 405],
    ["/f", {}, 405],
    ["/", {}, 405],
    ["/missing/new", {}, 409],
    ["/f/new", {}, 409],
    ["/new", { body: "<x/>" }, 415],
    ["/new", { lines: ["If-Match: *"] }, 412],
  ])("%s %j: %i", async (name, request, status) => {
    const server = await furnished();
    expect(await server.status("MKCOL", name, request)).toBe(status);
    if (status === 201) expect(statSync(server.file(name)).isDirectory()).toBe(true);
  });
});

describe("all other methods", () => {
  it("are answered 405 where they have a meaning, and 403 where they have none (R3)", async () => {
    const server = await furnished();
    for (const method of ["POST", "PATCH", "PROPPATCH"]) {
      const answer = await server.ask(method, "/f", { body: "x", lines: ["Content-Type: application/json"] });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers["allow"]).toBe("OPTIONS, GET, HEAD, PROPFIND, PUT, DELETE, MKCOL, MOVE, COPY");
    }
    for (const method of ["LOCK", "REPORT", "TRACE"]) expect([403, 404]).toContain(await server.status(method, "/f"));
    expect(readFileSync(server.file("f"), "utf8")).toBe("of f");
  });

  it("OPTIONS says what there is, WebDAV without locks", async () => {
    const { status, headers } = await (await furnished()).ask("OPTIONS", "/f");
    expect([status, headers["dav"], headers["allow"]?.split(", ").length]).toEqual([200, "1", 9]);
  });
});

describe("a token that may create and not modify", () => {
  const lines = [bearer("storage.create:/")];

  it("creates, and replaces nothing (R3)", async () => {
    const server = await furnished();
    expect(await server.status("PUT", "/new", { lines, body: "x" })).toBe(201);
    expect(await server.status("PUT", "/f", { lines, body: "x" })).toBe(403);
    expect(await server.status("MOVE", "/f", { lines: [...lines, "Destination: /wlcg/d/f"] })).toBe(403);
    expect(await server.status("MOVE", "/f", { lines: [...lines, "Destination: /wlcg/d/g"] })).toBe(201);
    expect(await server.status("MKCOL", "/d/x", { lines })).toBe(201);
    expect(await server.status("DELETE", "/d/x", { lines })).toBe(403);
    expect(readFileSync(server.file("d/f"), "utf8")).toBe("of d/f");
  });
});
