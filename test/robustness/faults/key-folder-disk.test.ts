// A key folder on a disk that is full, read-only or taken away: told of, and no request is refused for it. Rule I13.
// The disk is one in memory, which root may mount; elsewhere these tests are skipped, and say so.
import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { directoryKeyStore } from "@scitokens/core/node";
import { describe, expect, it } from "vitest";
import { KEY } from "../../support/key-stores.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { keyFolderForEachTest, mountAt } from "./key-folder.js";

nothingIsLeftAlone();
const world = keyFolderForEachTest();
const { enforcerOf, request, faults } = world;

function mountOr(skip: (why: string) => void, options = "size=64k"): void {
  if (!mountAt(world.folder, options)) skip("it takes root, and leave to mount a tmpfs");
}

/** Takes all the room that is left. */
function fill(): string {
  const path = join(world.folder, "ballast");
  for (let left = 65_536; left >= 1; left = Math.floor(left / 2)) {
    try {
      appendFileSync(path, Buffer.alloc(left));
      left *= 2; // again
    } catch {
      // less, then
    }
  }
  return path;
}

describe("a key folder on a disk", () => {
  it("that is full keeps the old set whole, is told of once, and is in use again when there is room (I13)", async ({
    skip,
  }) => {
    mountOr(skip);
    const store = directoryKeyStore(world.folder);
    const { enforcer, down } = enforcerOf();
    expect(await request(enforcer)).toBe("good");
    const first = await store.get(KEY);
    expect(first).toContain(`"fetchedAt":${world.now}`);

    const ballast = fill();
    for (let times = 0; times < 3; times++) {
      world.now += 60;
      expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    }
    expect(faults()).toEqual([expect.stringMatching(/^writing: ENOSPC/)]);
    expect(await store.get(KEY)).toBe(first);
    expect(readdirSync(world.folder).filter((name) => name.startsWith("."))).toEqual([]);

    rmSync(ballast);
    world.now += 60;
    expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    expect(await store.get(KEY)).toContain(`"fetchedAt":${world.now}`);
    expect(faults()).toHaveLength(1);
    down();
    const restarted = enforcerOf();
    restarted.down();
    expect(await request(restarted.enforcer)).toBe("good");
  });

  it("that is full from the start costs no request anything (I13)", async ({ skip }) => {
    mountOr(skip);
    fill();
    const { enforcer } = enforcerOf();
    expect(await request(enforcer)).toBe("good");
    expect(faults()).toEqual([expect.stringMatching(/^writing: ENOSPC/)]);
  });

  it("that has become read-only is read still, and told of once (I13)", async ({ skip }) => {
    mountOr(skip);
    const { enforcer } = enforcerOf();
    expect(await request(enforcer)).toBe("good");
    execFileSync("mount", ["-o", "remount,ro", world.folder]);
    for (let times = 0; times < 3; times++) {
      world.now += 60;
      expect(await request(enforcer)).toBe("good");
    }
    expect(faults()).toEqual([expect.stringMatching(/^writing: EROFS/)]);
    const offline = enforcerOf();
    offline.down();
    expect(await request(offline.enforcer)).toBe("good");
    execFileSync("mount", ["-o", "remount,rw", world.folder]);
    world.now += 60;
    await request(enforcer);
    expect(await directoryKeyStore(world.folder).get(KEY)).toContain(`"fetchedAt":${world.now}`);
  });

  it("that is taken away while it is in use is as good as empty (I13)", async ({ skip }) => {
    mountOr(skip);
    const { enforcer } = enforcerOf();
    expect(await request(enforcer)).toBe("good");
    execFileSync("umount", ["-l", world.folder]);
    chmodSync(world.folder, 0o700);
    world.now += 60;
    expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    expect(faults()).toEqual([]);
    expect(readdirSync(world.folder)).toHaveLength(1);
  });

  it("with no room for another name is told of, and nothing half is left (I13)", async ({ skip }) => {
    mountOr(skip, "size=64k,nr_inodes=2");
    writeFileSync(join(world.folder, "ballast"), "");
    const { enforcer } = enforcerOf();
    expect([await request(enforcer), await request(enforcer)]).toEqual(["good", "good"]);
    expect(faults()).toEqual([expect.stringMatching(/^writing: ENOSPC/)]);
    expect(readdirSync(world.folder)).toEqual(["ballast"]);
  });
});
