// What happens between looking at a file and opening it, and what would block: played at the door to the file system.
import { execFileSync } from "node:child_process";
import { constants, existsSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { discoverToken } from "@scitokens/client";
import { afterEach, expect, it, vi } from "vitest";
import { world } from "./places.js";

const door = vi.hoisted(() => ({ beforeOpen: (_path: string, _flags: number): void => {} }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const open: typeof real.open = (path, flags, mode) => {
    door.beforeOpen(String(path), Number(flags));
    return real.open(path, flags, mode);
  };
  return { ...real, open };
});
afterEach(() => void (door.beforeOpen = () => {}));

it.skipIf(!existsSync("/usr/bin/mkfifo"))("a FIFO that nobody writes to is not waited for (with mkfifo)", async () => {
  door.beforeOpen = (_, flags) => {
    if ((flags & constants.O_NONBLOCK) === 0) throw new Error("this would wait for a writer, for ever");
  };
  for (const [env, name] of [[{ BEARER_TOKEN_FILE: "{}/named" }, "named"] as const, [{}, undefined] as const]) {
    const here = world(env);
    execFileSync("mkfifo", [join(here.folder, name ?? here.tokenFileName())]);
    await expect(discoverToken(here.options)).rejects.toMatchObject({
      code: "unusable",
      message: expect.stringContaining("it is no regular file"),
    });
  }
});

it("a link that takes the place of a file after it was looked at is not followed", async () => {
  const here = world();
  const secret = here.write("elsewhere", "another-secret");
  const path = here.write(here.tokenFileName(), "mine");
  expect((await discoverToken(here.options))?.value).toBe("mine");
  door.beforeOpen = () => {
    renameSync(path, `${path}.old`);
    symlinkSync(secret, path);
  };
  await expect(discoverToken(here.options)).rejects.toMatchObject({ code: "unreachable" });
});
