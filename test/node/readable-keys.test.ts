// Keys that one user keeps and others read: nodes on which a service cannot write. Rule I13.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { directoryKeyStore } from "@scitokens/core/node";
import { beforeEach, describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const isRoot = process.geteuid?.() === 0;
const nobody = 65_534;
let top = "";
let folder = "";

beforeEach(() => {
  top = tempFolder();
  chmodSync(top, 0o755);
  folder = join(top, "cache", "keys");
});

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const modes = (): readonly string[] => [
  modeOf(join(folder, "..")),
  modeOf(folder),
  ...readdirSync(folder).map((name) => modeOf(join(folder, name))),
];

/** Has another user read it, by the code as it is built. */
function readAsAnother(): string {
  const script = `import { directoryKeyStore } from "@scitokens/core/node";
    const { get, set } = directoryKeyStore(${JSON.stringify(folder)});
    const said = (error) => error.code ?? error.message;
    console.log(JSON.stringify([await get("a").catch(said), await set("a", "z").catch(said)]));`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: new URL("..", import.meta.url),
    uid: nobody,
    gid: nobody,
    encoding: "utf8",
  });
  return run.stderr + run.stdout.trim();
}

describe("keys that everybody may read", () => {
  it("lie in files of mode 644 in a folder of mode 755, whatever the umask, and are written by nobody else (I13)", () => {
    // The umask is the process's: a worker thread cannot change it.
    const script = `import { directoryKeyStore } from "@scitokens/core/node"; process.umask(0o077);
      await directoryKeyStore(${JSON.stringify(folder)}, { readableBy: "everyone" }).set("a", "x");`;
    const cwd = new URL("..", import.meta.url);
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd, encoding: "utf8" });
    expect([run.stderr, modes()]).toEqual(["", ["755", "755", "644"]]);
  });

  it("are made so in a folder that was this user's alone, and are not where nobody asked for it (I13)", async () => {
    await directoryKeyStore(folder).set("a", "x");
    expect(modes()).toEqual(["700", "700", "600"]);
    await directoryKeyStore(folder, { readableBy: "everyone" }).set("a", "y");
    expect(modes()).toEqual(["700", "755", "644"]); // what it stands in is not ours to open
    await directoryKeyStore(folder, { readableBy: "owner" }).set("a", "z");
    expect(modes()).toEqual(["700", "755", "600"]);
  });

  it.runIf(isRoot)("are read by another user, who can keep none (I13)", async () => {
    await directoryKeyStore(folder, { readableBy: "everyone" }).set("a", "x");
    expect(readAsAnother()).toBe('["x","EACCES"]');
    await directoryKeyStore(folder).set("a", "y");
    expect(readAsAnother()).toBe('["EACCES","EACCES"]');
  });

  it.runIf(isRoot)("are of no use to another user in a folder that is this user's alone (I13)", async () => {
    mkdirSync(join(folder, ".."), { mode: 0o700 });
    await directoryKeyStore(folder, { readableBy: "everyone" }).set("a", "x");
    expect(readAsAnother()).toBe('["EACCES","EACCES"]');
  });
});

describe("the option", () => {
  it.each([
    [{ mode: 0o644 }, "directoryKeyStore: unknown option 'mode'; known are readableBy"],
    [{ readable: true }, "directoryKeyStore: unknown option 'readable'; did you mean 'readableBy'?"],
    [{ readableBy: "all" }, "readableBy: expected 'owner' or 'everyone'"],
    [{ readableBy: true }, "readableBy: expected 'owner' or 'everyone'"],
    ["everyone", "directoryKeyStore: expected an object of options"],
  ])("is not %j (I13)", (options, said) => {
    expect(typeErrorOf(() => directoryKeyStore(folder, wrong(options)))).toBe(said);
  });
});
