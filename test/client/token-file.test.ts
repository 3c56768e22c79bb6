// A token into its file and out of it again: whole, private, in its place.
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { AccessToken, defaultTokenFile, discoverToken, tokenFile, TokenError, writeTokenFile } from "@scitokens/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRoot, jwt, NOW, world } from "./places.js";

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof TokenError ? error.code : error));

describe("writeTokenFile", () => {
  it("replaces a file at once: whoever has the old one open reads the old one to its end", async () => {
    const here = world();
    const path = here.write("t", "old\n", 0o644);
    const inode = statSync(path).ino;
    await writeTokenFile(path, new AccessToken("new", { source: "x" }));
    expect(readFileSync(path, "utf8")).toBe("new\n");
    expect(statSync(path).ino).not.toBe(inode);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("replaces a symbolic link, and leaves alone what it led to", async () => {
    const here = world();
    const target = here.write("precious", "data");
    const path = join(here.folder, "t");
    symlinkSync(target, path);
    await writeTokenFile(path, "abc");
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, "utf8")).toBe("data");
  });

  it.each<[string, unknown]>([
    ["nothing", ""],
    ["a blank inside", "a b"],
    ["a line feed at the end", "abc\n"],
    ["two lines", "abc\ndef"],
    ["undefined", undefined],
    ["a number", 7],
    ["an access token of no token", new AccessToken("a b", { source: "x" })],
  ])("refuses what is no token, and writes nothing: %s", async (_name, token) => {
    const { folder } = world();
    expect(await codeOf(writeTokenFile(join(folder, "t"), token as string))).toBe("unusable");
    expect(readdirSync(folder)).toEqual(["tmp"]);
  });

  it("leaves nothing over when it fails, and the old file as it was", async () => {
    const { folder } = world();
    mkdirSync(join(folder, "t", "full"), { recursive: true }); // a folder stands where the file should be
    await expect(writeTokenFile(join(folder, "t"), "abc")).rejects.toMatchObject({
      code: "unreachable",
      message: `the file ${folder}/t: not written: it is a directory (EISDIR)`,
    });
    expect(readdirSync(folder)).toEqual(["t", "tmp"]);
    expect(await codeOf(writeTokenFile(join(folder, "no", "t"), "abc"))).toBe("unreachable");
  });

  it.skipIf(isRoot)("says so where it may not write (not as root: root writes everywhere)", async () => {
    const { folder } = world();
    chmodSync(folder, 0o500);
    onTestFinished(() => chmodSync(folder, 0o700));
    await expect(writeTokenFile(join(folder, "t"), "abc")).rejects.toThrow(/not written: permission denied \(EACCES\)/);
  });

  it("is never seen half written by who reads at the same time", async () => {
    const here = world();
    const tokens = ["a", "b"].map((letter) => letter.repeat(100_000));
    const path = here.write("t", tokens[0] ?? "");
    const source = tokenFile(path);
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await writeTokenFile(path, tokens[i % 2] ?? "");
    })();
    for (let i = 0; i < 50; i++) expect(tokens).toContain((await source.token()).value);
    await writing;
  });

  it("writes where discovery looks: defaultTokenFile", async () => {
    for (const env of [{ BEARER_TOKEN_FILE: "{}/named" }, { XDG_RUNTIME_DIR: "{}/run" }, { BEARER_TOKEN_FILE: "" }]) {
      const { folder, options } = world(env);
      mkdirSync(join(folder, "run"));
      const path = defaultTokenFile(options);
      expect(path).toMatch(new RegExp(`^${folder}/(named|run/bt_u\\d+|tmp/bt_u\\d+)$`));
      await writeTokenFile(path ?? "", "abc");
      expect((await discoverToken(options))?.value).toBe("abc");
    }
  });
});

describe("tokenFile", () => {
  const clock = (): number => NOW;

  it("reads a token, or the answer of a token endpoint, anew each time", async () => {
    const here = world();
    const path = here.write("t", "one\n");
    const source = tokenFile(path, { clock });
    expect(await source.token()).toMatchObject({ value: "one", source: `the file ${path}` });
    here.write("t", JSON.stringify({ access_token: "two" }));
    expect((await source.token()).value).toBe("two");
  });

  it.each<[string, string | undefined, string]>([
    ["a missing file", undefined, "not_found"],
    ["an empty file", " \n", "not_found"],
    ["what is no token", "a b", "unusable"],
    ["an expired token", jwt({ exp: NOW }), "unusable"],
    ["a token of another audience", jwt({ aud: "https://there.example" }), "unusable"],
    ["a token that only its issuer can read", "opaque", "unusable"],
  ])("throws for %s", async (_name, content, code) => {
    const here = world();
    const path = content === undefined ? join(here.folder, "t") : here.write("t", content);
    expect(await codeOf(tokenFile(path, { clock }).token({ audience: "https://here.example" }))).toBe(code);
  });

  it("warns of a file that others may read", async () => {
    const here = world();
    const path = here.write("t", "abc", 0o644);
    await tokenFile(path, { onWarning: (sentence) => void here.warnings.push(sentence) }).token();
    expect(here.warnings).toEqual([`the file ${path}: others may read or change it (mode 0644): chmod 600`]);
  });

  it("says at start what is wrong with its options", () => {
    expect(() => tokenFile("")).toThrow(TypeError);
    expect(() => tokenFile("/x", { onwarning: 1 } as object)).toThrow(/did you mean 'onWarning'\?/);
  });
});
