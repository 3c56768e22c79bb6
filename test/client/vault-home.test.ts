// A user without a home folder: a daemon, a container. What needs one says so, and the next source is asked.
import { join } from "node:path";
import { existsSync, statSync } from "node:fs";
import { AccessToken, firstOf, vault, writeCredkey, writeVaultTokenFile } from "@scitokens/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failureOf } from "./oauth-stand-in.js";
import { world } from "./places.js";
import { VAULT_TOKEN } from "./stand-in-vault.js";

const home = vi.hoisted(() => ({ folder: "" as string | Error }));
vi.mock("node:os", async (original) => ({
  ...(await original<typeof import("node:os")>()),
  homedir: () => {
    if (home.folder instanceof Error) throw home.folder;
    return home.folder;
  },
}));

const place = { issuer: "dune", role: "default" };
const source = vault({ address: "vault.test", issuer: "dune", vaultToken: VAULT_TOKEN });

describe.each<[string, string | Error]>([
  ["no HOME and no entry in passwd", new Error("uv_os_homedir returned ENOENT")],
  ["a HOME that is no absolute path", "home/ada"],
  ["an empty HOME", ""],
])("%s", (_, folder) => {
  beforeEach(() => void (home.folder = folder));

  it("a source that needs the credkey says what to give, and the next one is asked", async () => {
    expect(await failureOf(source.token())).toMatchObject({
      code: "interaction_needed",
      message: expect.stringMatching(/no home folder: give credkey or configDir$/),
    });
    const next = { token: async () => new AccessToken("next", { source: "next" }) };
    expect((await firstOf(source, next).token()).value).toBe("next");
  });

  it("nothing is written anywhere", async () => {
    expect(await failureOf(writeCredkey("ada", place))).toMatchObject({
      code: "unreachable",
      message: "the credkey: not written: this user has no home folder: give configDir",
    });
  });
});

describe("folders on the way to a file", () => {
  it("are made for their owner alone: .config and htgettoken", async () => {
    home.folder = world().folder;
    await writeCredkey("ada", place);
    for (const name of [".config", ".config/htgettoken"]) {
      expect(statSync(join(home.folder, name)).mode & 0o777).toBe(0o700);
    }
    await writeCredkey("ben", place); // they are there now
    expect(existsSync(join(home.folder, ".config/htgettoken/credkey-dune-default"))).toBe(true);
  });

  it("are not made where more than two are missing", async () => {
    const { folder } = world();
    const failed = await failureOf(writeCredkey("ada", { ...place, configDir: join(folder, "a/b/c") }));
    expect(failed).toMatchObject({ code: "unreachable", message: expect.stringContaining("ENOENT") });
    expect(existsSync(join(folder, "a"))).toBe(false);
  });

  it.skipIf(!existsSync("/proc/self"))("are given up at once where none can be made (with /proc)", async () => {
    expect((await failureOf(writeCredkey("ada", { ...place, configDir: "/proc/x/y" }))).code).toBe("unreachable");
    expect((await failureOf(writeVaultTokenFile(VAULT_TOKEN, "/proc/x/y"))).code).toBe("unreachable");
  });
});
