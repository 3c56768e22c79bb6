// Somebody on this machine puts a link in the place of a directory, or a file, while requests of examples/storage are on
// their way through it: between any two steps, again and again.
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStorage } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";

/** Swaps what is at a place with a link, some thousand times a second. */
const SWAP = `
  const { renameSync } = require("node:fs");
  const { workerData: { place, aside, link, stop } } = require("node:worker_threads");
  const lastsAWhile = () => Atomics.wait(stop, 0, 0, 0.1) === "timed-out";
  do {
    renameSync(place, aside); renameSync(link, place); lastsAWhile();
    renameSync(place, link); renameSync(aside, place);
  } while (lastsAWhile());`;

async function swap(server: TestServer, name: string, target: string): Promise<() => Promise<unknown>> {
  symlinkSync(target, server.file("link"));
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const [place, aside, link] = [name, "aside", "link"].map((each) => server.file(each));
  const worker = new Worker(SWAP, { eval: true, workerData: { place, aside, link, stop } });
  const exit = once(worker, "exit");
  const end = (): Promise<unknown> => {
    Atomics.store(stop, 0, 1);
    Atomics.notify(stop, 0);
    return exit;
  };
  onTestFinished(() => void end());
  await once(worker, "online");
  return end;
}

/** Goes on for a while, and until both sides of the swap were met, however busy this machine is. */
async function during(ms: number, seen: ReadonlySet<string>, round: (client: number) => Promise<void>): Promise<void> {
  const end = Date.now() + ms;
  const met = (): boolean => seen.has("GET 200") && seen.has("GET 404");
  const client = async (n: number): Promise<void> => {
    do await round(n);
    while (Date.now() < end || (!met() && Date.now() < end + 15_000));
  };
  await Promise.all([1, 2, 3, 4].map(client));
  expect(met()).toBe(true);
  expect([...seen].filter((what) => / 5..$/.test(what))).toEqual([]);
}

describe("what is swapped for a link, again and again", { timeout: 30_000 }, () => {
  it("is a directory: no request leaves it, reading or writing (R2)", async () => {
    const server = await startStorage();
    mkdirSync(server.file("swap/dir"), { recursive: true });
    writeFileSync(server.file("swap/secret"), "inside");
    const end = await swap(server, "swap", server.outside(""));
    const seen = new Set<string>();
    const ask = async (method: string, name: string, destination?: string): Promise<string> => {
      const lines = destination === undefined ? ["Depth: 1"] : [`Destination: /wlcg${destination}`];
      const whole = method === "DELETE" ? { lines: [] } : { lines };
      const answer = await server.ask(method, name, { ...whole, ...(method === "PUT" && { body: "inside" }) });
      seen.add(`${method} ${answer.status}`);
      return answer.body;
    };
    await during(800, seen, async (n) => {
      expect(["inside", ""]).toContain(await ask("GET", "/swap/secret"));
      expect(["inside", ""]).toContain(await ask("GET", "/swap/dir/secret"));
      await ask("PUT", `/swap/dir/${n}`);
      await ask("MKCOL", `/swap/dir/new-${n}`);
      await ask("DELETE", `/swap/dir/new-${n}`);
      expect(await ask("PROPFIND", "/swap")).not.toContain("outside");
      await ask("COPY", "/swap/dir", `/copy-${n}`);
      await ask("MOVE", `/copy-${n}`, `/swap/dir/moved-${n}`);
      await ask("DELETE", "/swap/dir/secret");
      await ask("PUT", "/swap/dir/secret");
    });
    await end();
  });

  it("is a file: what the link leads to is never read (R2)", async () => {
    const server = await startStorage();
    writeFileSync(server.file("swap"), "inside");
    const end = await swap(server, "swap", server.outside("secret"));
    const seen = new Set<string>();
    await during(400, seen, async (n) => {
      const read = await server.ask("GET", "/swap");
      seen.add(`GET ${read.status}`);
      expect(["inside", ""]).toContain(read.body);
      seen.add(`COPY ${await server.status("COPY", "/swap", { lines: [`Destination: /wlcg/copy-${n}`] })}`);
      expect(["inside", ""]).toContain((await server.ask("GET", `/copy-${n}`)).body);
    });
    await end();
  });
});
