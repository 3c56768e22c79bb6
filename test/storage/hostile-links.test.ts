// Links, pipes and sockets in the directory of examples/storage: made by others on this machine, never followed nor opened.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { bearer, furnished } from "./storage-server.js";
import type { TestServer } from "./storage-server.js";

/** What each name in the directory leads to. */
async function withOthers(): Promise<TestServer> {
  const server = await furnished();
  symlinkSync(server.outside("secret"), server.file("to-file"));
  symlinkSync("../../../outside/secret", server.file("to-file-relative"));
  symlinkSync(server.outside("dir"), server.file("to-directory"));
  symlinkSync(server.outside("new"), server.file("dangling"));
  symlinkSync("to-file", server.file("to-link"));
  symlinkSync("f", server.file("to-inside"));
  symlinkSync("d", server.file("to-directory-inside"));
  symlinkSync("/", server.file("to-root"));
  symlinkSync("loop", server.file("loop"));
  execFileSync("mkfifo", [server.file("pipe")]);
  const listening = createServer().listen(server.file("socket"));
  await once(listening, "listening");
  onTestFinished(() => void listening.close());
  return server;
}

const OTHERS =
  "to-file to-file-relative to-directory dangling to-link to-inside to-directory-inside to-root loop pipe socket".split(
    " ",
  );

const BELOW = [
  "to-directory/secret",
  "to-directory/new",
  "to-directory-inside/f",
  "to-root/etc/passwd",
  "loop/f",
  "pipe/f",
];

describe("what is neither file nor directory", () => {
  it("is as if it were not there, for all that read (R2)", async () => {
    const server = await withOthers();
    // Waits until somebody opens the pipe to read from it, which nobody may.
    const writer = spawn("sh", ["-c", 'echo x > "$0"', server.file("pipe")]);
    onTestFinished(() => void writer.kill());
    for (const name of OTHERS) {
      expect([name, await server.status("GET", `/${name}/`)]).toEqual([name, 404]);
    }
    for (const name of [...OTHERS, ...BELOW]) {
      for (const [method, lines] of [
        ["GET", []],
        ["HEAD", []],
        ["PROPFIND", ["Depth: 0"]],
        ["PROPFIND", ["Depth: 1"]],
        ["DELETE", []],
        ["MOVE", ["Destination: /wlcg/stolen"]],
        ["COPY", ["Destination: /wlcg/stolen"]],
      ] as const) {
        expect([method, name, await server.status(method, `/${name}`, { lines })]).toEqual([method, name, 404]);
      }
    }
    expect([existsSync(server.file("stolen")), writer.exitCode]).toEqual([false, null]);
  });

  it("is not written through, and not replaced", async () => {
    const server = await withOthers();
    const before = new Map(OTHERS.map((name) => [name, lstatSync(server.file(name)).ino]));
    const refused = async (method: string, name: string, lines: readonly string[]): Promise<void> => {
      const status = await server.status(method, name, { lines, ...(method === "PUT" && { body: "x" }) });
      expect([method, name, lines.at(-1), status]).toEqual([method, name, lines.at(-1), 409]);
    };
    const create = bearer("storage.create:/");
    for (const name of [...OTHERS, ...BELOW]) {
      for (const lines of [[], [create]]) await refused("PUT", `/${name}`, lines);
      for (const lines of [[], [create]]) await refused("MKCOL", `/${name}`, lines);
      for (const source of ["/f", "/d"]) await refused("MOVE", source, [`Destination: /wlcg/${name}`]);
      await refused("MOVE", "/f", [create, `Destination: /wlcg/${name}`]);
      await refused("COPY", "/f", [`Destination: /wlcg/${name}`]);
    }
    for (const name of ["dangling", "to-directory"]) await refused("COPY", "/d", [`Destination: /wlcg/${name}`]);
    expect(new Map(OTHERS.map((name) => [name, lstatSync(server.file(name)).ino]))).toEqual(before);
    expect(readFileSync(server.file("f"), "utf8")).toBe("of f");
    expect(readdirSync(server.file("d")).toSorted()).toEqual(["f", "sub"]);
  });

  it("goes with the directory that it is in, and nothing of what it leads to", async () => {
    const server = await withOthers();
    mkdirSync(server.file("e/sub"), { recursive: true });
    for (const name of OTHERS) renameSync(server.file(name), server.file(`e/${name}`));
    symlinkSync(server.outside("dir"), server.file("e/sub/linked"));
    expect(await server.status("MOVE", "/e", { lines: ["Destination: /wlcg/g"] })).toBe(201);
    expect(await server.status("DELETE", "/g")).toBe(204);
    expect(readdirSync(server.file("")).toSorted()).toEqual(["d", "f"]);
  });

  it("does not keep a directory whose names are no UTF-8 from being removed, nor listed", async () => {
    const server = await furnished();
    const odd = Buffer.concat([Buffer.from(server.file("d/odd-")), Buffer.from([0xff, 0xfe])]);
    mkdirSync(odd);
    const { status, body } = await server.ask("PROPFIND", "/d", { lines: ["Depth: 1"] });
    expect([status, body.includes("odd")]).toEqual([207, false]);
    expect(await server.status("DELETE", "/d")).toBe(204);
  });
});
