// The mode of a token file, whatever the umask. A thread has no umask of its own: what the system would take is taken here.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeTokenFile } from "@scitokens/client";
import { expect, it, vi } from "vitest";
import { world } from "./places.js";

const mask = vi.hoisted(() => ({ taken: 0 }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const open: typeof real.open = (path, flags, mode) => real.open(path, flags, Number(mode ?? 0o666) & ~mask.taken);
  return { ...real, open };
});

it.each([0o000, 0o022, 0o077, 0o777])("is 0600 under the umask %o, with a line feed at the end", async (taken) => {
  const { folder } = world();
  mask.taken = taken;
  await writeTokenFile(join(folder, "t"), "abc");
  expect(statSync(join(folder, "t")).mode & 0o7777).toBe(0o600);
  mask.taken = 0;
  expect(readFileSync(join(folder, "t"), "utf8")).toBe("abc\n");
});
