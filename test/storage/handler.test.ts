// The handler of examples/storage without any framework: on node:http, with operations made by hand, and with storage that fails.
import { once } from "node:events";
import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Operation } from "@scitokens/core/http";
import { expect, it, onTestFinished } from "vitest";
import { createHandler } from "../../examples/storage/src/handler.js";
import type { HandlerOptions } from "../../examples/storage/src/handler.js";
import { list } from "../../examples/storage/src/list.js";
import { bodyOf } from "../../examples/storage/src/put.js";
import { Storage } from "../../examples/storage/src/storage.js";
import { rawRequest } from "../support/raw-request.js";
import { tempFolder } from "../support/temp-folder.js";
import { openBelow } from "./storage-server.js";

interface Mounted {
  readonly port: number;
  readonly storage: Storage;
  readonly errors: readonly unknown[];
  readonly folder: string;
}

/** Every request is taken to do the same. */
async function mount(operation: Partial<Operation>, options: Partial<HandlerOptions> = {}): Promise<Mounted> {
  const folder = tempFolder();
  const storage = await Storage.open(folder, ["top", "second"]);
  const errors: unknown[] = [];
  const serve = createHandler({ storage, onError: (error) => errors.push(error), ...options });
  const judged = { name: "read", path: "/top/f", mayReplace: true, ...operation } as const;
  const server = createServer((request, response) => void serve(request, response, judged)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await storage.close();
  });
  return { port: (server.address() as AddressInfo).port, storage, errors, folder };
}

it("does what was judged, whatever the request's target and headers say (R2)", async () => {
  const { port, storage } = await mount({ name: "write" });
  expect((await rawRequest(port, { method: "PUT", target: "/top/other", body: "x" })).status).toBe(201);
  expect([await storage.kind("/top/f"), await storage.kind("/top/other")]).toEqual(["file", undefined]);
  const copied = await mount({ name: "copy", source: "/top/f", destination: "/top/g" });
  await rawRequest(copied.port, { method: "PUT", body: "x" });
  const lines = ["Destination: /top/other"];
  expect((await rawRequest(copied.port, { method: "COPY", target: "/top/x", lines })).status).toBe(201);
  expect([await copied.storage.kind("/top/g"), await copied.storage.kind("/top/other")]).toEqual(["file", undefined]);
});

it("replaces nothing where that was not judged (R3)", async () => {
  const { port } = await mount({ name: "write", mayReplace: false });
  const put = async (): Promise<number> => (await rawRequest(port, { method: "PUT", body: "x" })).status;
  expect([await put(), await put()]).toEqual([201, 403]);
  for (const [name, method] of [
    ["rename", "MOVE"],
    ["copy", "COPY"],
  ] as const) {
    const ends = { path: "/top/f", source: "/top/f", destination: "/top/g" };
    const { port: there, storage } = await mount({ name, ...ends, mayReplace: false });
    const ask = async (): Promise<number> => {
      await rawRequest(there, { method: "PUT", body: "x" });
      return (await rawRequest(there, { method })).status;
    };
    expect([await ask(), await ask(), await storage.kind("/top/f")]).toEqual([201, 403, "file"]);
  }
});

it("leaves what is at the top where it is: the areas of issuers", async () => {
  for (const [source, destination] of [
    ["/top", "/second/top"],
    ["/top/f", "/second"],
    ["/top/f", "/third"],
  ] as const) {
    const { port, storage } = await mount({ name: "rename", path: source, source, destination });
    expect((await rawRequest(port, { method: "MOVE" })).status).toBe(403);
    expect([await storage.kind("/top"), await storage.kind("/second")]).toEqual(["directory", "directory"]);
  }
});

it("has no part in copies to or from another server", async () => {
  for (const ends of [{ source: "/top/f" }, { destination: "/top/f" }]) {
    const { port } = await mount({ name: "copy", remote: "https://other.example.org/f", ...ends });
    expect((await rawRequest(port, { method: "COPY" })).status).toBe(501);
  }
});

it("answers 500 to what nobody has foreseen, and tells its owner", async () => {
  const { port, storage, errors } = await mount({});
  const failure = new Error("unforeseen");
  storage.open = () => Promise.reject(failure);
  expect(await rawRequest(port, {})).toMatchObject({ status: 500, body: "" });
  expect(errors).toEqual([failure]);
});

it("is not told of clients that have gone", async () => {
  const { port, storage, errors } = await mount({ name: "write" });
  const socket = connect(port, "127.0.0.1");
  socket.write("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
  let working = false;
  const { slot } = storage.staging;
  const ended = new Promise<void>((resolve) => {
    storage.staging.slot = async (work) => {
      working = true;
      return slot.call(storage.staging, work).finally(() => setImmediate(resolve)) as ReturnType<typeof work>;
    };
  });
  await expect.poll(() => working, { interval: 5 }).toBe(true);
  socket.destroy();
  await ended;
  expect(errors).toEqual([]);
});

it("breaks the connection off where reading fails, rather than to end the file there", async () => {
  const { port, storage } = await mount({});
  await rawRequest(port, { method: "PUT", body: "x".repeat(1000) });
  const { open } = storage;
  storage.open = async (path) => {
    const file = await open.call(storage, path);
    if (typeof file !== "object") return file;
    const failing = (): Readable =>
      Readable.from(
        (async function* () {
          yield Buffer.from("begin");
          throw new Error("unreadable");
        })(),
      );
    return { ...file, handle: Object.assign(file.handle, { createReadStream: failing }) };
  };
  const answer = await rawRequest(port, {});
  expect([answer.headers["content-length"], answer.body.length < 1000]).toEqual(["1000", true]);
});

it("ends the connection of a client that stands still, sending or taking", async () => {
  const { port, folder } = await mount({}, { patience: 0.05 });
  const upload = connect(port, "127.0.0.1");
  upload.write("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf");
  await once(upload.resume(), "close");
  await expect.poll(() => readdirSync(join(folder, "uploads")), { interval: 5 }).toEqual([]);

  writeFileSync(join(folder, "files/top/f"), Buffer.alloc(20_000_000));
  const download = connect(port, "127.0.0.1");
  download.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(download, "readable");
  await expect.poll(() => openBelow(join(folder, "files/top")), { interval: 5 }).toEqual([]);
  download.destroy();
});

it("copies nothing that was not at the path when it was its turn (R3)", async () => {
  const ends = { source: "/top/d", destination: "/top/e" };
  const { port, storage, folder } = await mount({ name: "copy", path: "/top/d", ...ends });
  for (const name of ["d/a", "d/b"]) mkdirSync(join(folder, "files/top", name), { recursive: true });
  writeFileSync(join(folder, "files/top/d/b/f"), "x");
  const { open } = storage;
  storage.open = async (path) => {
    // Once the copy has begun, what it has listed is moved to where others may look.
    if (path === "/top/d/a") renameSync(join(folder, "files/top/d/b"), join(folder, "files/second/b"));
    return open.call(storage, path);
  };
  expect((await rawRequest(port, { method: "COPY" })).status).toBe(409);
  expect([await storage.kind("/top/e"), await storage.kind("/second/b/f")]).toEqual([undefined, "file"]);
});

it("lists a large directory in turns, between which others change it", async () => {
  const { storage, folder } = await mount({});
  for (let i = 0; i < 350; i++) writeFileSync(join(folder, "files/top", String(i)), "");
  let changes = 0;
  const listing = { on: true };
  const change = async (): Promise<void> => {
    while (listing.on) await storage.turns.change(async () => void changes++);
  };
  const changing = change();
  const listed = await list(storage, "/top");
  listing.on = false;
  await changing;
  expect([listed?.size, changes >= 4]).toEqual([350, true]);
});

it("takes no body for whole that says it is not", async () => {
  const body = Readable.from([Buffer.from("half")]);
  const request = Object.assign(body, {
    complete: false,
    headers: {},
    setTimeout: () => undefined,
  }) as unknown as IncomingMessage;
  const read = async (): Promise<void> => {
    for await (const _ of bodyOf({ request, largest: 10, patience: 1 } as Parameters<typeof bodyOf>[0]));
  };
  await expect(read()).rejects.toMatchObject({ status: 400 });
});
