// A key folder, or its file, that becomes something else while a process runs: told of once, and no request is refused. Rule I13.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { storedSet } from "../../support/key-stores.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { key, keyFolderForEachTest } from "./key-folder.js";

nothingIsLeftAlone();
const world = keyFolderForEachTest();
const { enforcerOf, request, faults } = world;

/** Puts something else where the folder or its file is, and says what is told of it. */
const REPLACED: readonly (readonly [string, (file: string) => unknown, readonly RegExp[]])[] = [
  [
    "its file has become a folder",
    (file) => mkdirSync(file),
    [/^reading: .*expected a file/, /^writing: E(ISDIR|EXIST)/],
  ],
  [
    "its file has become a pipe",
    (file) => execFileSync("mkfifo", ["-m", "600", file]),
    [/^reading: .*expected a file/],
  ],
  ["its file has become a socket", listenAt, [/^reading: ENXIO/]],
  [
    "its file has become a device that never ends",
    (file) => symlinkSync("/dev/zero", file),
    [/^reading: .*not a link/],
  ],
  ["its file is empty", (file) => writeFileSync(file, "", { mode: 0o600 }), [/^content: /]],
  [
    "its file is cut short",
    (file) => writeFileSync(file, storedSet([key], world.now).slice(0, 200), { mode: 0o600 }),
    [/^content: /],
  ],
  [
    "its file holds bytes of no meaning",
    (file) => writeFileSync(file, Buffer.alloc(4096, 0xff), { mode: 0o600 }),
    [/^content: /],
  ],
  [
    "its file has a hole of 20 MB",
    (file) => execFileSync("truncate", ["-s", "20M", file]) && chmodSync(file, 0o600),
    [/^reading: .*expected at most/],
  ],
  [
    "the folder has become a file",
    putAway(() => writeFileSync(world.folder, "x")),
    [/^reading: .*expected a folder/, /^writing: /],
  ],
  [
    "the folder has become a link to nowhere",
    putAway(() => symlinkSync("/nowhere/at/all", world.folder)),
    [/^reading: /, /^writing: /],
  ],
  ["the folder is gone", putAway(() => undefined), []],
];

async function listenAt(file: string): Promise<void> {
  const server = createServer().listen(file);
  await once(server, "listening");
  chmodSync(file, 0o600);
  onTestFinished(() => void server.close());
}

function putAway(then: () => unknown): (file: string) => unknown {
  return () => {
    rmSync(world.folder, { recursive: true, force: true });
    return then();
  };
}

describe.skipIf(process.platform === "win32")("while a process runs", () => {
  it.each(REPLACED)("%s: told of once, no request is refused, and it mends (I13)", async (_, replace, told) => {
    const { enforcer } = enforcerOf();
    expect(await request(enforcer)).toBe("good");
    const file = join(world.folder, readdirSync(world.folder)[0] ?? "");
    rmSync(file);
    await replace(file);
    for (let times = 0; times < 2; times++) {
      world.now += 60;
      expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    }
    expect(faults()).toEqual(told.map((words) => expect.stringMatching(words)));
    rmSync(world.folder, { recursive: true, force: true });
    world.now += 60;
    expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    const offline = enforcerOf();
    offline.down();
    expect(await request(offline.enforcer)).toBe("good");
  });
});
