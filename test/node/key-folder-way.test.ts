// The way to a folder of keys: nobody but this user and root can put another folder at its end. Rule I13.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { directoryKeyStore } from "@scitokens/core/node";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { tempFolder } from "../support/temp-folder.js";

const isRoot = process.geteuid?.() === 0;
const someoneElse = 12_345;
let top = "";

beforeEach(() => {
  top = tempFolder();
});

const make = (path: string, mode = 0o755): string => {
  const made = join(top, path);
  mkdirSync(made, { recursive: true });
  chmodSync(made, mode);
  return made;
};
const link = (target: string, path: string): string => {
  symlinkSync(target, join(top, path));
  return join(top, path);
};
const giveAway = (path: string): void => void execFileSync("chown", ["-h", String(someoneElse), path]);

/** What a store says of a folder: of reading, writing, forgetting, listing; one sentence where all are equal. */
async function saidOf(folder: string): Promise<string> {
  const store = directoryKeyStore(folder);
  const said = await Promise.allSettled([store.get("a"), store.set("a", "x"), store.delete("a"), store.entries()]);
  const words = said.map((one) => (one.status === "fulfilled" ? "good" : (one.reason as Error).message));
  return [...new Set(words)].join(" | ").replaceAll(top, "TOP");
}

describe("a folder on the way", () => {
  it.each([
    ["777", "others can write to it (mode 777): chmod go-w TOP/a"],
    ["775", "others can write to it (mode 775): chmod go-w TOP/a"],
    ["2775", "others can write to it (mode 775): chmod go-w TOP/a"],
    ["1777", "good"],
    ["1775", "good"],
    ["755", "good"],
    ["711", "good"],
  ])("of mode %s is judged as sshd does: %s (I13)", async (mode, said) => {
    make("a", Number.parseInt(mode, 8));
    expect(await saidOf(join(top, "a/b/scitokens"))).toBe(said);
    expect(existsSync(join(top, "a/b"))).toBe(said === "good");
  });

  it.runIf(isRoot)("of another user is refused, and nothing is made in it (I13)", async () => {
    giveAway(make("a"));
    expect(await saidOf(join(top, "a/b/scitokens"))).toBe(`TOP/a: it belongs to another user (${someoneElse})`);
    expect(readdirSync(join(top, "a"))).toEqual([]);
  });

  it("is looked at behind links too, and between them (I13)", async () => {
    make("real/open", 0o777);
    make("real/open/keys");
    link(join(top, "real/open"), "first");
    link("../first/keys", "real/second");
    const folder = link(join(top, "real/./second"), "third");
    expect(await saidOf(folder)).toMatch(/go-w TOP\/real\/open$/);
    chmodSync(join(top, "real/open"), 0o755);
    expect(await saidOf(folder)).toBe("good");
    chmodSync(join(top, "real"), 0o777);
    expect(await saidOf(folder)).toMatch(/go-w TOP\/real$/);
  });

  it("may be sticky, but not the folder itself: others can put files there (I13)", async () => {
    const folder = make("keys", 0o1777);
    expect(await saidOf(folder)).toBe("others can write to it (mode 777): chmod go-w TOP/keys");
  });

  it("that is a file is told of (I13)", async () => {
    await directoryKeyStore(join(top, "keys")).set("a", "x");
    const file = join(top, "keys", readdirSync(join(top, "keys"))[0] ?? "");
    expect(await saidOf(join(file, "scitokens"))).toMatch(/^ENOTDIR|expected a folder/);
  });

  it("above the home is its owner's, and not asked about, as sshd does not (I13)", async () => {
    make("homes", 0o777);
    const home = make("homes/me");
    vi.stubEnv("HOME", home);
    expect(await saidOf(join(home, ".cache/scitokens"))).toBe("good");
    link(join(top, "homes"), "linked");
    vi.stubEnv("HOME", join(top, "linked/me"));
    expect(await saidOf(join(top, "linked/me/.cache/scitokens"))).toBe("good");
    vi.stubEnv("HOME", `${home}/`);
    chmodSync(home, 0o775);
    expect(await saidOf(join(home, ".cache/scitokens"))).toMatch(/go-w TOP\/homes\/me$/);
    expect(await saidOf(join(top, "homes/men/scitokens"))).toMatch(/go-w TOP\/homes$/);
    vi.stubEnv("HOME", join(top, "homes/m"));
    chmodSync(home, 0o755);
    expect(await saidOf(join(home, ".cache/scitokens"))).toMatch(/go-w TOP\/homes$/);
    vi.unstubAllEnvs();
  });
});

describe("a link on the way", () => {
  it.runIf(isRoot)("of another user is refused, even to what is this user's own (I13)", async () => {
    make("tmp", 0o1777);
    make("uploads/mallory/scitokens");
    giveAway(link(join(top, "uploads/mallory"), "tmp/my-service"));
    expect(await saidOf(join(top, "tmp/my-service/scitokens"))).toBe(
      `TOP/tmp/my-service: it belongs to another user (${someoneElse})`,
    );
    link(join(top, "tmp/my-service"), "mine");
    expect(await saidOf(join(top, "mine/scitokens"))).toMatch(/^TOP\/tmp\/my-service: it belongs to another user/);
  });

  it("of this user is followed (I13)", async () => {
    make("real");
    expect(await saidOf(join(link("real", "link"), "b/scitokens"))).toBe("good");
    expect(readdirSync(join(top, "real/b/scitokens"))).toEqual([]);
  });

  it.each([
    ["the folder", "link"],
    ["a folder on the way", "link/b/scitokens"],
    ["a folder on the way, by another link", "again/b/scitokens"],
  ])("in place of %s to what is not there is told of, and nothing is made there (I13)", async (_, path) => {
    link(join(top, "none/deep"), "link");
    link("link", "again");
    const which = path.split("/")[0];
    expect(await saidOf(join(top, path))).toBe(`TOP/${which}: expected a folder; it is a link to what is not there`);
    expect(existsSync(join(top, "none"))).toBe(false);
  });

  it("to itself is told of (I13)", async () => {
    link("a", "b");
    expect(await saidOf(join(link("b", "a"), "keys"))).toMatch(/^TOP\/a\/keys: too many links$/);
  });
});

describe("making the folder", () => {
  it.runIf(existsSync("/proc/self"))("ends where none can be made (I13)", async () => {
    const store = directoryKeyStore("/proc/none/such/scitokens");
    await expect(store.set("a", "x")).rejects.toThrow(/ENOENT|EACCES|EPERM/);
  });

  it("in a folder that is unsafe makes nothing, and keeps nothing (I13)", async () => {
    const store = directoryKeyStore(join(top, "keys"));
    await store.set("a", "x");
    const file = join(top, "keys", readdirSync(join(top, "keys"))[0] ?? "");
    chmodSync(join(top, "keys"), 0o777);
    await expect(store.set("a", "y")).rejects.toThrow(/others can write to it/);
    await expect(store.delete("a")).rejects.toThrow(/others can write to it/);
    await expect(store.entries()).rejects.toThrow(/others can write to it/);
    expect(readFileSync(file, "utf8")).toBe("x");
    rmSync(join(top, "keys"), { recursive: true });
    expect(await store.delete("a")).toBe(false);
  });
});
