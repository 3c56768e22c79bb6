// Clients of examples/storage that break off: nothing half is ever there, nothing is left over, no descriptor stays open.
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bearer, furnished, openBelow } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";
import { begin } from "./upload-by-hand.js";

/** What is on its way, and has got as far as the disk. */
const underway = (server: TestServer): Promise<void> =>
  expect
    .poll(() => readdirSync(server.file("../../uploads"), { recursive: true, encoding: "utf8" }), { interval: 5 })
    .toContainEqual(expect.stringMatching(/\/new$/));

const gone = (server: TestServer): Promise<void> =>
  expect.poll(() => readdirSync(server.file("../../uploads")), { interval: 5 }).toEqual([]);

describe("an upload that breaks off", () => {
  it.each([
    ["is destroyed midway", "Content-Length: 1000", "half", (u: ReturnType<typeof begin>) => u.socket.destroy()],
    ["is reset midway", "Content-Length: 1000", "half", (u: ReturnType<typeof begin>) => u.socket.resetAndDestroy()],
    ["ends before its length", "Content-Length: 1000", "half", (u: ReturnType<typeof begin>) => u.socket.end()],
    ["ends in a chunk", "Transfer-Encoding: chunked", "8\r\nhalf", (u: ReturnType<typeof begin>) => u.socket.end()],
    [
      "ends between chunks",
      "Transfer-Encoding: chunked",
      "4\r\nhalf\r\n",
      (u: ReturnType<typeof begin>) => u.socket.end(),
    ],
    [
      "has a bad chunk",
      "Transfer-Encoding: chunked",
      "4\r\nhalf\r\n",
      (u: ReturnType<typeof begin>) => u.socket.write("x\r\n"),
    ],
    [
      "lacks its last chunk",
      "Transfer-Encoding: chunked",
      "4\r\nhalf\r\n",
      (u: ReturnType<typeof begin>) => u.socket.end("0"),
    ],
  ])("because it %s leaves nothing, and what was there as it was", async (_, line, text, breakOff) => {
    const server = await furnished();
    for (const name of ["/f", "/new"]) {
      const upload = begin(server, `PUT ${name}`, [line]);
      upload.socket.write(text);
      await underway(server);
      breakOff(upload);
      expect([0, 400]).toContain(await upload.status());
      await gone(server);
    }
    expect([readFileSync(server.file("f"), "utf8"), existsSync(server.file("new"))]).toEqual(["of f", false]);
    expect(openBelow(server.file(""))).toEqual([]);
  });

  it("after its last byte is there as a whole, or not at all", async () => {
    const server = await furnished();
    const content = "x".repeat(300_000);
    for (let i = 0; i < 10; i++) {
      const upload = begin(server, `PUT /${i}`, [`Content-Length: ${content.length}`]);
      upload.socket.write(content);
      for (let turns = 0; turns < 20 * i; turns++) await setImmediate();
      upload.socket.destroy();
    }
    await gone(server);
    const there = readdirSync(server.file("")).filter((name) => /^\d$/.test(name));
    for (const name of there) expect(readFileSync(server.file(name), "utf8") === content).toBe(true);
  });

  it("of more than the server takes is answered in its midst", async () => {
    const server = await furnished({ largest: 100_000 });
    const upload = begin(server, "PUT /new", ["Transfer-Encoding: chunked"]);
    const chunk = `fa00\r\n${"x".repeat(64_000)}\r\n`;
    upload.socket.write(chunk.repeat(3));
    await upload.until(/^HTTP\/1\.1 413/);
    // The rest of it goes nowhere; then the connection is good for more.
    upload.socket.write(`${chunk.repeat(100)}0\r\n\r\n`);
    upload.socket.write(`GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await upload.until(/^HTTP\/1\.1 200[^]*up/m);
    expect([await upload.status(), existsSync(server.file("new"))]).toEqual([413, false]);
  });
});

describe("a client that waits for leave to send (RFC 9110 10.1.1)", () => {
  const expecting = ["Content-Length: 4", "Expect: 100-continue"];

  it("gets it once it is known that its upload can be taken", async () => {
    const server = await furnished();
    const upload = begin(server, "PUT /new", expecting);
    await upload.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    upload.socket.write("full");
    expect([await upload.status(), readFileSync(server.file("new"), "utf8")]).toEqual([201, "full"]);
  });

  it.each([
    ["without a token", "/new", ["Authorization: Basic eDp5"], 401],
    ["without the right", "/new", [bearer("storage.read:/")], 403],
    ["for its condition", "/f", ["If-None-Match: *"], 412],
    ["onto a directory", "/d", [], 405],
    ["to where no directory is", "/missing/new", [], 409],
    ["for its length", "/new", ["Content-Length: 11"], 413],
  ])("is refused before it sends, %s", async (_, name, lines, status) => {
    const server = await furnished({ largest: 10 });
    const own = lines.some((line) => line.startsWith("Content-Length")) ? expecting.slice(1) : expecting;
    const upload = begin(server, `PUT ${name}`, [...own, ...lines]);
    expect([await upload.status(), upload.received().includes("100 Continue")]).toEqual([status, false]);
  });
});

describe("a download that breaks off", () => {
  it("closes its file", async () => {
    const server = await furnished();
    writeFileSync(server.file("large"), Buffer.alloc(20_000_000, "x"));
    const downloads = Array.from({ length: 8 }, () => begin(server, "GET /large"));
    await Promise.all(downloads.map(async ({ until, socket }) => void (await until(/\r\n\r\nx/), socket.pause())));
    expect(openBelow(server.file("large"))).toHaveLength(8);
    for (const { socket } of downloads) socket.destroy();
    await expect.poll(() => openBelow(server.file("large")), { interval: 5 }).toEqual([]);
  });

  it("because its file was cut short ends the connection: no client takes it for whole, or waits", async () => {
    const server = await furnished();
    writeFileSync(server.file("large"), Buffer.alloc(20_000_000, "x"));
    const download = begin(server, "GET /large");
    await download.until(/\r\n\r\nx/);
    download.socket.pause();
    truncateSync(server.file("large"), 0);
    download.socket.resume();
    await once(download.socket, "close");
    expect(download.received().length).toBeLessThan(20_000_000);
    expect(await server.status("GET", "/f")).toBe(200);
  });

  it("before it began closes its file as well", async () => {
    const server = await furnished();
    for (let i = 0; i < 20; i++) {
      const { socket } = begin(server, "GET /f");
      socket.once("connect", () => setTimeout(() => socket.destroy(), i % 5));
    }
    expect(await server.status("GET", "/f")).toBe(200);
    await expect.poll(() => openBelow(server.file("")), { interval: 5 }).toEqual([]);
  });
});
