// The storage of examples/storage by itself: turns, places, descriptors, what is on its way.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Directory } from "../../examples/storage/src/directory.js";
import type { Entry } from "../../examples/storage/src/entry.js";
import { Failure, statusOf } from "../../examples/storage/src/failure.js";
import { isWithin } from "../../examples/storage/src/path.js";
import { placeIn, relocate } from "../../examples/storage/src/place.js";
import { Staging } from "../../examples/storage/src/staging.js";
import { Storage } from "../../examples/storage/src/storage.js";
import { Turns } from "../../examples/storage/src/turns.js";
import { createFile } from "../../examples/storage/src/upload.js";
import { whileOpen } from "../../examples/storage/src/while-open.js";
import { tempFolder } from "../support/temp-folder.js";
import { openBelow } from "./storage-server.js";

describe("turns", () => {
  /** Work that says when it begins and ends; the order of it all. */
  function recorded() {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name}+`);
      await Promise.resolve();
      order.push(`${name}-`);
    };
    return { order, work };
  }

  it("let any number look together, and one alone change", async () => {
    const turns = new Turns();
    const { order, work } = recorded();
    await Promise.all([
      turns.look(work("a")),
      turns.look(work("b")),
      turns.change(work("C")),
      turns.look(work("d")),
      turns.change(work("E")),
      turns.change(work("F")),
    ]);
    expect(order.join(" ")).toBe("a+ b+ a- b- C+ C- d+ d- E+ E- F+ F-");
  });

  it("go on after what fails", async () => {
    const turns = new Turns();
    const fail = (): Promise<never> => Promise.reject(new Error("failed"));
    const results = await Promise.allSettled([turns.look(fail), turns.change(fail), turns.look(async () => 1)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
    expect(await turns.change(async () => 2)).toBe(2);
  });
});

describe("a place", () => {
  const kinds = {
    file: (path: string) => writeFileSync(path, "other"),
    directory: (path: string) => mkdirSync(path),
    link: (path: string) => symlinkSync("/nowhere", path),
  };

  it.each(["file", "directory"] as const)(
    "where nothing was seen takes a %s, and replaces nothing by it",
    async (kind) => {
      for (const [other, make] of Object.entries(kinds)) {
        const folder = tempFolder();
        kinds[kind](join(folder, "from"));
        await whileOpen(await Directory.open(folder), async (directory) => {
          const [from, to] = [await placeIn(directory, "from"), await placeIn(directory, "to")];
          make(join(folder, "to")); // somebody else, in the meantime
          await expect(relocate(from, to, directory.at("aside"))).rejects.toMatchObject({ code: "EEXIST" });
          expect([other, readdirSync(folder).toSorted()]).toEqual([other, ["from", "to"]]);
        });
      }
    },
  );

  it.each([
    ["directory", "file"],
    ["file", "directory"],
    ["directory", "directory"],
  ] as const)("where a %s was gets it back, when the %s for it has vanished", async (old, next) => {
    const folder = tempFolder();
    kinds[next](join(folder, "from"));
    kinds[old](join(folder, "to"));
    await whileOpen(await Directory.open(folder), async (directory) => {
      const [from, to] = [await placeIn(directory, "from"), await placeIn(directory, "to")];
      rmSync(join(folder, "from"), { recursive: true });
      await expect(relocate(from, to, directory.at("aside"))).rejects.toMatchObject({ code: "ENOENT" });
      expect([readdirSync(folder), (await directory.entry("to"))?.kind]).toEqual([["to"], old]);
    });
  });

  it("for a directory is empty again, when that has vanished", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "from"));
    await whileOpen(await Directory.open(folder), async (directory) => {
      const [from, to] = [await placeIn(directory, "from"), await placeIn(directory, "to")];
      rmSync(join(folder, "from"), { recursive: true });
      await expect(relocate(from, to, directory.at("aside"))).rejects.toMatchObject({ code: "ENOENT" });
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});

describe("a directory", () => {
  it("stays the same one, wherever it is moved", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "a/b"), { recursive: true });
    await whileOpen(await Directory.open(join(folder, "a")), async (directory) => {
      renameSync(join(folder, "a"), join(folder, "moved"));
      symlinkSync("/etc", join(folder, "a"));
      expect(await directory.names()).toEqual(["b"]);
    });
  });

  it("opens files alone, and closes what has turned out to be none", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "directory"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("/etc/passwd", join(folder, "link"));
    await whileOpen(await Directory.open(folder), async (directory) => {
      for (const name of ["directory", "pipe", "link", "missing"]) {
        expect([name, await directory.file(name)]).toEqual([name, undefined]);
      }
      expect(openBelow(folder)).toEqual([folder]);
    });
  });
});

describe("staging", () => {
  it("removes what a crash has left, and nothing that a link in it leads to", async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, "uploads/slot/old/deep"), { recursive: true });
    mkdirSync(join(folder, "kept"));
    writeFileSync(join(folder, "kept/f"), "kept");
    writeFileSync(join(folder, "uploads/slot/new"), "half");
    for (const name of ["uploads/slot/old/link", "uploads/link"]) symlinkSync(join(folder, "kept"), join(folder, name));
    const storage = await Storage.open(folder);
    expect(readdirSync(join(folder, "uploads"))).toEqual([]);
    expect(readFileSync(join(folder, "kept/f"), "utf8")).toBe("kept");
    await storage.close();
    expect(openBelow(folder)).toEqual([]);
  });

  it("is nobody else's, and neither is a file before it is whole", async () => {
    const folder = tempFolder();
    const staging = await Staging.open(join(folder, "uploads"));
    expect(statSync(join(folder, "uploads")).mode & 0o777).toBe(0o700);
    const modes: number[] = [];
    await staging.slot(async (slot) => {
      const look = (): number => modes.push(statSync(slot.at("new")).mode & 0o777);
      async function* body() {
        yield Buffer.from("half");
        look();
      }
      await createFile({ parent: slot, name: "new" }, body());
      look();
    });
    expect([modes, readdirSync(join(folder, "uploads"))]).toEqual([[0o600, 0o644], []]);
    await staging.close();
  });

  it("is empty again after a failure too", async () => {
    const folder = tempFolder();
    const staging = await Staging.open(folder);
    const failing = staging.slot(async (slot) => {
      mkdirSync(slot.at("a/b/c"), { recursive: true });
      throw new Error("failed");
    });
    await expect(failing).rejects.toThrow("failed");
    expect([readdirSync(folder), openBelow(folder)]).toEqual([[], [folder]]);
    await staging.close();
  });

  it("gives no two uploads one time, and so no entity tag, though they have one inode", async () => {
    const folder = tempFolder();
    vi.useFakeTimers({ toFake: ["Date"], now: 2_000_000_000_000 });
    onTestFinished(() => void vi.useRealTimers());
    const made: (Entry | undefined)[] = [];
    await whileOpen(await Directory.open(folder), async (directory) => {
      for (const _ of [1, 2, 3]) {
        await createFile({ parent: directory, name: "f" }, Readable.from([Buffer.from("x")]));
        made.push(await directory.entry("f"));
        rmSync(join(folder, "f")); // the next one gets its inode
      }
    });
    for (const entry of made) expect(Math.abs(Number(entry?.modified) - 2_000_000_000_000)).toBeLessThan(5);
    expect(new Set(made.map((entry) => entry?.etag)).size).toBe(3);
  });
});

it.each([
  ["/a/b", "/a", true],
  ["/a", "/a/", true],
  ["/ab", "/a", false],
  ["/a", "/a/b", false],
  ["/x", "/", true],
])("%s is within %s: %s (S4)", (path, directory, expected) => {
  expect(isWithin(path, directory)).toBe(expected);
});

it.each([
  ["ENOSPC", 507],
  ["EDQUOT", 507],
  ["ENAMETOOLONG", 414],
  ["ENOTDIR", 409],
  ["ENOTEMPTY", 409],
  ["EACCES", 403],
  ["EROFS", 403],
  ["EMFILE", 503],
  ["EIO", undefined],
])("answers %s with %s", (code, status) => {
  expect(statusOf(Object.assign(new Error("of the system"), { code }))).toBe(status);
  expect(statusOf(new Failure(412))).toBe(412);
});

it("says at start what it needs", async () => {
  const folder = tempFolder();
  const platform = Object.getOwnPropertyDescriptor(process, "platform");
  Object.defineProperty(process, "platform", { value: "darwin", configurable: true });
  try {
    await expect(Storage.open(join(folder, "new"))).rejects.toThrow("Linux");
  } finally {
    if (platform !== undefined) Object.defineProperty(process, "platform", platform);
  }
  expect(existsSync(join(folder, "new"))).toBe(false);
});

it("takes no link for one of its areas", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "files"));
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync(join(folder, "elsewhere"), join(folder, "files/area"));
  await expect(Storage.open(folder, ["area"])).rejects.toThrow(/expected a directory, and no link: .*files\/area/);
  expect(openBelow(folder)).toEqual([]);
});
