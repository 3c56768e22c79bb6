// What is no file is never replaced by one: as root that would be the system's own /dev/null.
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readlinkSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { defaultTokenFile, writeTokenFile, writeVaultTokenFile } from "@scitokens/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { wrong } from "../support/wrong.js";
import { failureOf } from "./oauth-stand-in.js";
import { UID, world } from "./places.js";
import { VAULT_TOKEN } from "./stand-in-vault.js";

const hasFifo = existsSync("/usr/bin/mkfifo");

async function socketAt(path: string): Promise<void> {
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
}

describe("writing leaves alone, and says so", () => {
  const SAID = { code: "unusable", message: expect.stringMatching(/t: not written: it is no regular file \(ENXIO\)$/) };

  /** What both writers say; the entry must be the one that was there. */
  const writeTo = async (path: string): Promise<readonly unknown[]> => {
    const { ino } = lstatSync(path);
    const said = [
      await failureOf(writeTokenFile(path, "abc")),
      await failureOf(writeVaultTokenFile(VAULT_TOKEN, path)),
    ];
    return lstatSync(path).ino === ino ? said : ["replaced"];
  };

  it("a socket", async () => {
    const path = join(world().folder, "t");
    await socketAt(path);
    expect(await writeTo(path)).toMatchObject([SAID, SAID]);
  });

  it.skipIf(!hasFifo)("a FIFO (with mkfifo)", async () => {
    const path = join(world().folder, "t");
    execFileSync("mkfifo", [path]);
    expect(await writeTo(path)).toMatchObject([SAID, SAID]);
  });

  it("a link to a device, such as /dev/stdout is", async () => {
    const path = join(world().folder, "t");
    symlinkSync("/dev/null", path);
    expect(await writeTo(path)).toMatchObject([SAID, SAID]);
    expect(readlinkSync(path)).toBe("/dev/null");
  });
});

it("a path that is none is a TypeError", async () => {
  for (const path of ["", undefined, 5]) {
    await expect(writeTokenFile(wrong(path), "abc")).rejects.toThrow(/^writeTokenFile: path must be a string/);
  }
  await expect(writeVaultTokenFile(VAULT_TOKEN, "")).rejects.toThrow(TypeError);
});

describe("defaultTokenFile passes over BEARER_TOKEN_FILE where it is", () => {
  const next = join("/run/user/7", `bt_u${UID}`);
  const placeOf = (named: string): string | undefined =>
    defaultTokenFile({ env: { BEARER_TOKEN_FILE: named, XDG_RUNTIME_DIR: "/run/user/7" }, uid: UID });

  it("a device", () => {
    expect(placeOf("/dev/null")).toBe(next);
    expect(placeOf("/dev/zero")).toBe(next);
  });

  it("a socket, or a link to one; not what is not there yet", async () => {
    const { folder } = world();
    await socketAt(join(folder, "s"));
    symlinkSync("s", join(folder, "link"));
    for (const name of ["s", "link"]) expect(placeOf(join(folder, name))).toBe(next);
    expect(placeOf(join(folder, "none"))).toBe(join(folder, "none"));
  });
});
