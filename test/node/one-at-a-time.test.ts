// A network file system that hangs: it holds one of Node's threads for a folder, and the rest of the process goes on. Rules I13, I14.
import type * as files from "node:fs/promises";
import { directoryKeyStore, wlcgSystemKeys } from "@scitokens/core/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY } from "../support/key-stores.js";
import { tempFolder } from "../support/temp-folder.js";

const disk = vi.hoisted(() => ({ hung: "", held: [] as (() => void)[], calls: 0 }));

// Every call that names something below `disk.hung` waits until it is let go.
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof files>();
  const wait = async (path: unknown): Promise<void> => {
    if (disk.hung === "" || !String(path).startsWith(disk.hung)) return;
    disk.calls++;
    await new Promise<void>((resolve) => disk.held.push(resolve));
  };
  const names = ["lstat", "mkdir", "open", "readdir", "readlink", "realpath", "rename", "stat", "unlink"] as const;
  const slow = names.map((name) => {
    const call = real[name] as (...given: unknown[]) => Promise<unknown>;
    return [name, async (path: unknown, ...rest: unknown[]) => (await wait(path), call(path, ...rest))];
  });
  return { ...real, ...(Object.fromEntries(slow) as object) };
});

let folder = "";

beforeEach(() => {
  folder = `${tempFolder()}/keys`;
});
afterEach(() => {
  mend();
  vi.useRealTimers();
});

function hang(path: string): void {
  Object.assign(disk, { hung: path, held: [], calls: 0 });
}

function mend(): void {
  disk.hung = "";
  for (const go of disk.held.splice(0)) go();
}

/** Until a call hangs, and whatever else can happen has happened. */
async function settle(): Promise<void> {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  while (disk.calls === 0) await turn();
  for (let more = 0; more < 50; more++) await turn();
}

const outcomes = async (promises: readonly Promise<unknown>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(promises)).map((one) => (one.status === "fulfilled" ? "done" : String(one.reason)));

describe("a folder that hangs", () => {
  it("holds one call, however many ask of however many stores, and all are served when it answers (I13)", async () => {
    hang(folder);
    const stores = [directoryKeyStore(folder), directoryKeyStore(folder), directoryKeyStore(`${folder}/../keys`)];
    const all = stores.flatMap((store, at) => [
      store.set(`${KEY}${at}`, "x"),
      ...Array.from({ length: 10 }, () => store.get(KEY)),
      store.delete("none"),
      store.entries(),
    ]);
    await settle();
    expect(disk.calls).toBe(1);
    mend();
    expect(new Set(await outcomes(all))).toEqual(new Set(["done"]));
    expect(await directoryKeyStore(folder).get(`${KEY}2`)).toBe("x");
  });

  it("keeps no other folder waiting (I13)", async () => {
    hang(folder);
    const waiting = directoryKeyStore(folder).get(KEY);
    const other = directoryKeyStore(`${tempFolder()}/keys`);
    await other.set(KEY, "x");
    expect(await other.get(KEY)).toBe("x");
    mend();
    expect(await waiting).toBeUndefined();
  });

  it("is said to hang after 10 s, to whoever waits and at once to who comes later, until it answers (I13)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const store = directoryKeyStore(folder);
    hang(folder);
    const first = store.get(KEY);
    const behind = outcomes([store.get(KEY), store.set(KEY, "x"), store.entries()]);
    await settle();
    vi.advanceTimersByTime(9_999);
    const later = outcomes([store.get(KEY)]);
    await settle();
    vi.advanceTimersByTime(1);
    const said = `Error: ${folder}: the disk has not answered for 10 s`;
    expect(await behind).toEqual([said, said, said]);
    expect(await later).toEqual([said]);
    expect(await outcomes([store.get(KEY), store.delete(KEY)])).toEqual([said, said]);
    expect(disk.calls).toBe(1);
    mend();
    expect(await first).toBeUndefined();
    await store.set(KEY, "y");
    expect(await store.get(KEY)).toBe("y");
  });

  it("gives everybody 10 s of their own (I13)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const store = directoryKeyStore(folder);
    hang(folder);
    const all = [store.get(KEY), store.get(KEY), store.get(KEY)];
    for (const asked of all) {
      await settle();
      vi.advanceTimersByTime(9_000);
      disk.calls = 0; // of the next, that begins when this one is let go
      disk.held.shift()?.();
      expect(await asked).toBeUndefined();
    }
  });

  it("is passed on by one that fails (I13)", async () => {
    const store = directoryKeyStore(`${folder}\u0000`);
    expect(await outcomes([store.get(KEY), store.get(KEY)])).toEqual([
      expect.stringMatching(/null bytes/),
      expect.stringMatching(/null bytes/),
    ]);
  });
});

describe("the system cache on a disk that hangs", () => {
  it("holds one call for all issuers and all stores of it (I14)", async () => {
    hang(folder);
    const env = { JWKS_CACHE_DIR: folder };
    const stores = [wlcgSystemKeys({ env, root: folder }), wlcgSystemKeys({ env, root: folder })];
    const all = stores.flatMap((store) =>
      Array.from({ length: 5 }, (_, at) => store.get(JSON.stringify([`https://i${at}.example.org`, null]))),
    );
    await settle();
    expect(disk.calls).toBe(1);
    mend();
    expect(new Set(await outcomes(all as Promise<unknown>[]))).toEqual(new Set(["done"]));
  });
});
