// Whose file it is and who may read it: nobody else feeds a token to us, or keeps us from ours. WLCG Bearer Token Discovery.
import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { discoverToken } from "@scitokens/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRoot, UID, world } from "./places.js";
import type { World } from "./places.js";

const OTHER = 54_321;

/** As root another user owns the file; else it is we who say that we are another. */
function anothersFile(env: Readonly<Record<string, string>>, name: (here: World) => string, content = "theirs"): World {
  const here = world(env, isRoot ? UID : UID + 1);
  const path = here.write(name(here), content);
  if (isRoot) chownSync(path, OTHER, OTHER);
  return here;
}

const FILE = { BEARER_TOKEN_FILE: "{}/named" };

describe("another's file", () => {
  it.each(["theirs", "not a token", ""])("in /tmp that says %j is as good as none, with a warning", async (content) => {
    const here = anothersFile({}, ({ tokenFileName }) => tokenFileName(), content);
    expect(await discoverToken(here.options)).toBeUndefined();
    expect(here.warnings).toEqual([
      expect.stringMatching(/bt_u\d+: it belongs to user \d+, not to user \d+: passed over$/),
    ]);
  });

  it("in the runtime folder is passed over, and the next step is taken", async () => {
    const env = { XDG_RUNTIME_DIR: "{}/run" };
    const here = anothersFile(env, ({ tokenFileName }) => tokenFileName("run"));
    expect(await discoverToken(here.options)).toBeUndefined();
    expect(here.warnings).toHaveLength(1);
    if (isRoot) {
      here.write(here.tokenFileName(), "mine");
      expect((await discoverToken(here.options))?.value).toBe("mine");
    }
  });

  it("that BEARER_TOKEN_FILE names is read, as Kubernetes mounts it, with a warning", async () => {
    const here = anothersFile(FILE, () => "named");
    expect((await discoverToken(here.options))?.value).toBe("theirs");
    expect(here.warnings).toEqual([
      expect.stringMatching(/\(BEARER_TOKEN_FILE\): it belongs to user \d+, not to user/),
    ]);
  });

  it("that is a folder in /tmp does not stop the search", async () => {
    const here = world({}, isRoot ? UID : UID + 1);
    const path = join(here.folder, here.tokenFileName());
    mkdirSync(path);
    if (isRoot) chownSync(path, OTHER, OTHER);
    expect(await discoverToken(here.options)).toBeUndefined();
  });
});

describe("a symbolic link", () => {
  it.skipIf(!isRoot)(
    "of another user in /tmp to a file of ours is passed over (as root: it takes another owner)",
    async () => {
      const here = world();
      const secret = here.write("elsewhere", "ours");
      const link = join(here.folder, here.tokenFileName());
      symlinkSync(secret, link);
      expect((await discoverToken(here.options))?.value).toBe("ours"); // a link of our own
      lchownSync(link, OTHER, OTHER);
      expect(await discoverToken(here.options)).toBeUndefined();
    },
  );

  it.skipIf(!isRoot)("of ours in /tmp to another's file is passed over (as root: it takes another owner)", async () => {
    const here = world();
    const target = here.write("elsewhere", "theirs");
    chownSync(target, OTHER, OTHER);
    symlinkSync(target, join(here.folder, here.tokenFileName()));
    expect(await discoverToken(here.options)).toBeUndefined();
    expect(here.warnings).toHaveLength(1);
  });

  it("of ours is followed, and one that leads nowhere is a missing file", async () => {
    const here = world(FILE);
    symlinkSync(here.write("elsewhere", "ours"), join(here.folder, "named"));
    expect((await discoverToken(here.options))?.value).toBe("ours");
    const lost = world();
    symlinkSync("nowhere", join(lost.folder, lost.tokenFileName()));
    expect(await discoverToken(lost.options)).toBeUndefined();
  });
});

describe("permissions", () => {
  it.each([
    [0o600, undefined],
    [0o400, undefined],
    [0o640, "0640"],
    [0o604, "0604"],
    [0o660, "0660"],
    [0o602, "0602"],
    [0o777, "0777"],
  ])("of mode %o are warned about where others have any", async (mode, shown) => {
    for (const env of [{}, FILE, { XDG_RUNTIME_DIR: "{}/run" }]) {
      const here = world(env);
      const inside = "XDG_RUNTIME_DIR" in env ? "run" : "tmp";
      here.write("BEARER_TOKEN_FILE" in env ? "named" : here.tokenFileName(inside), "abc", mode);
      expect((await discoverToken(here.options))?.value).toBe("abc");
      const expected = `others may read or change it (mode ${shown}): chmod 600`;
      expect(here.warnings).toEqual(shown === undefined ? [] : [expect.stringContaining(expected)]);
    }
  });

  it.skipIf(isRoot)("that keep us from reading end the search (not as root: root reads everything)", async () => {
    const here = world(FILE);
    here.write("named", "abc", 0o000);
    here.write(here.tokenFileName(), "four");
    await expect(discoverToken(here.options)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("permission denied (EACCES)"),
    });
    const folder = world({ XDG_RUNTIME_DIR: "{}/run" });
    folder.write(folder.tokenFileName("run"), "three");
    chmodSync(join(folder.folder, "run"), 0o000);
    onTestFinished(() => chmodSync(join(folder.folder, "run"), 0o700));
    await expect(discoverToken(folder.options)).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe("what is no regular file", () => {
  it("is not read: a socket", async () => {
    const here = world(FILE);
    const server = createServer().listen(join(here.folder, "named"));
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    await expect(discoverToken(here.options)).rejects.toMatchObject({
      code: "unusable",
      message: expect.stringContaining("it is no regular file"),
    });
  });
});

describe("names of files", () => {
  it("are told in messages, fit for a terminal", async () => {
    const here = world({ BEARER_TOKEN_FILE: "{}/a\u001b[2Jb" });
    mkdirSync(join(here.folder, "a\u001b[2Jb"));
    const error: unknown = await discoverToken(here.options).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("(BEARER_TOKEN_FILE): it is a directory");
    expect(String(error)).not.toContain("\u001b");
  });

  it("are not told where a token was put in their place", async () => {
    const name = "opaque-token-instead-of-a-name".repeat(20);
    const error: unknown = await discoverToken({ env: { BEARER_TOKEN_FILE: name } }).catch((thrown: unknown) => thrown);
    expect(String(error)).toBe(
      "TokenError: the file that BEARER_TOKEN_FILE names: the name is too long (ENAMETOOLONG)",
    );
  });
});

describe("what is found", () => {
  it("says where it was, and when it ends if it says so itself", async () => {
    const here = world();
    const path = here.write(here.tokenFileName(), "opaque");
    const token = await discoverToken(here.options);
    expect(JSON.parse(JSON.stringify(token))).toEqual({ source: `the file ${path}` });
    const named = await discoverToken({ env: { BEARER_TOKEN: "e30.eyJleHAiOjEyM30.c2ln" } });
    expect(named).toMatchObject({ source: "BEARER_TOKEN", expiresAt: 123 });
  });
});
