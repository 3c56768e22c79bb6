// WLCG Bearer Token Discovery, edge by edge: the specification's text, and what files and variables do in practice.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { discoverToken, TokenError } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { world } from "./places.js";
import type { World } from "./places.js";

/** What a row puts into `{}`: the test's folder. Files are called by the folder they lie in. */
interface Row {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The token that is found; undefined: none; a code: the error. */
  readonly gives: string | undefined;
}

const XDG = { XDG_RUNTIME_DIR: "{}/run" };
const FILE = { BEARER_TOKEN_FILE: "{}/named" };

async function outcome({ options }: World): Promise<string | undefined> {
  try {
    return (await discoverToken(options))?.value;
  } catch (error) {
    if (error instanceof TokenError) return `(${error.code})`;
    throw error;
  }
}

/** `run` and `tmp` stand for bt_u$ID in these folders. */
function place(here: World, files: Row["files"] = {}): void {
  mkdirSync(join(here.folder, "run"));
  for (const [name, content] of Object.entries(files)) {
    here.write(name === "run" || name === "tmp" ? here.tokenFileName(name) : name, content);
  }
}

async function run({ env, files }: Row): Promise<string | undefined> {
  const here = world(env);
  place(here, files);
  return outcome(here);
}

const EVERYWHERE = { named: "two", run: "three", tmp: "four" };

describe("the four steps", () => {
  it.each<[string, Row]>([
    ["nothing anywhere", { gives: undefined }],
    ["1: the variable", { env: { BEARER_TOKEN: "one", ...FILE, ...XDG }, files: EVERYWHERE, gives: "one" }],
    ["2: the file that a variable names", { env: { ...FILE, ...XDG }, files: EVERYWHERE, gives: "two" }],
    ["3: the user's runtime folder", { env: XDG, files: EVERYWHERE, gives: "three" }],
    ["4: the temporary folder", { files: EVERYWHERE, gives: "four" }],
    ["4, where the runtime folder has none", { env: XDG, files: { tmp: "four" }, gives: "four" }],
  ])("%s", async (_name, row) => {
    expect(await run(row)).toBe(row.gives);
  });

  it.each<[string, Row]>([
    ["an empty variable", { env: { BEARER_TOKEN: "", ...FILE }, files: { named: "two" }, gives: "two" }],
    ["a variable of blanks", { env: { BEARER_TOKEN: " \t\n", ...FILE }, files: { named: "two" }, gives: "two" }],
    ["an empty file", { env: { ...FILE, ...XDG }, files: { named: "", run: "three" }, gives: "three" }],
    [
      "a file of white space",
      { env: { ...FILE, ...XDG }, files: { named: " \v\f\r\n", run: "three" }, gives: "three" },
    ],
    ["a missing file", { env: { ...FILE, ...XDG }, files: { run: "three" }, gives: "three" }],
    ["a file in a missing folder", { env: { BEARER_TOKEN_FILE: "{}/no/x" }, files: { tmp: "four" }, gives: "four" }],
    ["a file below a file", { env: { BEARER_TOKEN_FILE: "{}/f/x" }, files: { f: "", tmp: "four" }, gives: "four" }],
    ["a file with an empty name", { env: { BEARER_TOKEN_FILE: "" }, files: { tmp: "four" }, gives: "four" }],
    ["the null device", { env: { BEARER_TOKEN_FILE: "/dev/null" }, files: { tmp: "four" }, gives: "four" }],
    ["an empty file of the runtime folder", { env: XDG, files: { run: "", tmp: "four" }, gives: "four" }],
    ["a runtime folder that is empty text", { env: { XDG_RUNTIME_DIR: "" }, files: { tmp: "four" }, gives: "four" }],
    ["a relative runtime folder", { env: { XDG_RUNTIME_DIR: "run" }, files: { tmp: "four" }, gives: "four" }],
    ["a missing runtime folder", { env: { XDG_RUNTIME_DIR: "{}/no" }, files: { tmp: "four" }, gives: "four" }],
    ["an empty last file", { files: { tmp: "" }, gives: undefined }],
  ])("go on after %s", async (_name, row) => {
    expect(await run(row)).toBe(row.gives);
  });

  it.each<[string, Row]>([
    ["an invalid variable", { env: { BEARER_TOKEN: "a b", ...FILE }, files: { named: "two" }, gives: "(unusable)" }],
    ["an invalid file", { env: { ...FILE, ...XDG }, files: { named: "a b", run: "three" }, gives: "(unusable)" }],
    ["an invalid file of the runtime folder", { env: XDG, files: { run: "{}", tmp: "four" }, gives: "(unusable)" }],
    ["an invalid last file", { files: { tmp: '"four"' }, gives: "(unusable)" }],
    ["a folder for a file", { env: { BEARER_TOKEN_FILE: "{}" }, files: { tmp: "four" }, gives: "(unusable)" }],
    ["a device", { env: { BEARER_TOKEN_FILE: "/dev/zero" }, files: { tmp: "four" }, gives: "(unusable)" }],
    [
      "a name too long",
      { env: { BEARER_TOKEN_FILE: `{}/${"x".repeat(300)}` }, files: { tmp: "four" }, gives: "(unreachable)" },
    ],
    ["more than 1 MiB", { env: FILE, files: { named: "x".repeat(1_048_577), tmp: "four" }, gives: "(unusable)" }],
  ])("stop at %s", async (_name, row) => {
    expect(await run(row)).toBe(row.gives);
  });

  it("stop at a symbolic link that leads to itself", async () => {
    const here = world(FILE);
    symlinkSync("named", join(here.folder, "named"));
    expect(await outcome(here)).toBe("(unreachable)");
  });

  it("read a file of just 1 MiB", async () => {
    const token = "x".repeat(1_048_576);
    expect(await run({ env: FILE, files: { named: token }, gives: token })).toBe(token);
  });
});

describe("a token's text", () => {
  const bytes = (...parts: (string | number)[]): Uint8Array =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "utf8") : Buffer.from([part]))));

  it.each<[string, string, string | undefined]>([
    ["a line feed after it", "abc\n", "abc"],
    ["all that isspace knows, on both sides", " \t\n\v\f\rabc \t\n\v\f\r", "abc"],
    ["every character of the grammar", "azAZ09-._~+/==", "azAZ09-._~+/=="],
    ["one character", "a", "a"],
    ["padding alone", "==", "(unusable)"],
    ["padding inside", "a=b", "(unusable)"],
    ["a blank inside", "a b", "(unusable)"],
    ["a line feed inside", "a\nb", "(unusable)"],
    ["'Bearer ' before it", "Bearer abc", "(unusable)"],
    ["quotes", "'abc'", "(unusable)"],
    ["JSON", '{"access_token":"abc"}', "(unusable)"],
    ["a byte order mark", "\uFEFFabc", "(unusable)"],
    ["a no-break space", "abc\u00A0", "(unusable)"],
    ["an em space", "\u2003abc", "(unusable)"],
    ["a line separator", "abc\u2028", "(unusable)"],
    ["next line, U+0085", "abc\u0085", "(unusable)"],
    ["a NUL", "abc\0", "(unusable)"],
    ["a unit separator", "\u001Fabc", "(unusable)"],
    ["a letter that is not ASCII", "äbc", "(unusable)"],
    ["NULs alone, as a crash leaves them", "\0\0\0\0", "(unusable)"],
    ["no-break spaces alone", "\u00A0\u00A0", "(unusable)"],
  ])("with %s is read alike from a variable and from a file", async (_name, text, gives) => {
    expect(await run({ env: { BEARER_TOKEN: text }, gives })).toBe(gives);
    expect(await run({ env: FILE, files: { named: text }, gives })).toBe(gives);
  });

  it.each<[string, Uint8Array]>([
    ["0xA0, a no-break space in Latin-1", bytes("abc", 0xa0)],
    ["0x85, next line in Latin-1", bytes("abc", 0x85)],
    ["0xFF, no UTF-8", bytes(0xff, "abc")],
    ["UTF-16", Buffer.from("\uFEFFabc", "utf16le")],
  ])("with the bytes of %s is no token", async (_name, content) => {
    expect(await run({ env: FILE, files: { named: content }, gives: "(unusable)" })).toBe("(unusable)");
  });

  it("with a million blanks in it is judged at once", async () => {
    const text = `a${" ".repeat(1_000_000)}b`;
    expect(await run({ env: { BEARER_TOKEN: text }, gives: "(unusable)" })).toBe("(unusable)");
  });
});

describe("the user", () => {
  it("is the effective one unless told otherwise", async () => {
    const here = world();
    here.write(here.tokenFileName(), "mine");
    const { uid: _, ...options } = here.options;
    expect((await discoverToken(options))?.value).toBe(process.geteuid === undefined ? undefined : "mine");
  });

  it.each([-1, 1.5, Number.NaN])("is no %d", async (uid) => {
    await expect(discoverToken({ env: {}, uid })).rejects.toThrow("discoverToken: uid: expected a user's number");
  });
});

describe("options", () => {
  it("that are misspelt are named with the likely intention", async () => {
    const misspelt = { onWarnings: () => {} } as object;
    await expect(discoverToken(misspelt)).rejects.toThrow("unknown option 'onWarnings'; did you mean 'onWarning'?");
    await expect(discoverToken({ tmp: "/x" } as object)).rejects.toThrow(/known are env, uid, onWarning/);
    await expect(discoverToken(null as never)).rejects.toThrow("discoverToken: expected an object of options");
  });
});
