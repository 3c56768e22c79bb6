// scitokens keys: the key cache on disk by hand. Rule I13.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEnforcer } from "@scitokens/core";
import { directoryKeyStore } from "@scitokens/core/node";
import { startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testKey } from "../support/sign.js";
import { runCli } from "./run-cli.js";
import type { World } from "./run-cli.js";

const ISSUER = "https://issuer.example.org";
const key = testKey("ES256", "key-1");
const rsa = testKey("RS256", "key-2");
let issuer: DevIssuer;
let folder: string;

beforeAll(async () => {
  issuer = await startDevIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scitokens-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cache = (): string => join(folder, "scitokens");
const keys = (args: readonly string[], more: World = {}) =>
  runCli(["keys", ...args], {
    fetch: globalThis.fetch,
    clock: () => Date.now() / 1000,
    ...more,
    env: { XDG_CACHE_HOME: folder, ...more.env },
  });

function writeJwks(...entries: readonly unknown[]): string {
  const file = join(folder, "jwks.json");
  writeFileSync(file, JSON.stringify({ keys: entries }));
  return file;
}

it("an empty cache is no trouble, and none is made by looking", async () => {
  const { code, stdout } = await keys(["list"]);
  expect([code, stdout]).toEqual([0, `no keys in ${cache()}\n`]);
  expect(existsSync(cache())).toBe(false);
});

it("adds keys from a file, lists and removes them (I13)", async () => {
  const added = await keys(["add", ISSUER, "--jwks", writeJwks(key.jwk, rsa.jwk, { kty: "oct" })]);
  expect([added.code, added.stdout]).toEqual([
    0,
    `2 keys of ${ISSUER} kept in ${cache()}; 1 that can verify no signature left out\n`,
  ]);
  expect(statSync(cache()).mode & 0o777).toBe(0o700);
  const { stdout } = await keys(["list"]);
  expect(stdout).toMatch(new RegExp(`^${ISSUER}\tkey-1 key-2\t(?:now|1 s ago)\tin (?:2 d|1 d 23 h)\n$`));
  expect((await keys(["list", "--json"])).json).toMatchObject({
    folder: cache(),
    entries: [{ issuer: ISSUER, keyIds: ["key-1", "key-2"], fetchedAt: expect.any(Number) }],
  });
  expect((await keys(["remove", ISSUER])).stdout).toBe(`removed the keys of ${ISSUER}\n`);
  expect((await keys(["list"])).stdout).toMatch(/^no keys/);
});

it("shows a table with a headline on a terminal", async () => {
  await keys(["add", ISSUER, "--jwks", writeJwks(key.jwk)]);
  const { stdout } = await keys(["list"], { isTTY: true, env: { NO_COLOR: "1" } });
  expect(stdout).toMatch(/^ISSUER +KEYS +FETCHED +USABLE UNTIL\nhttps:\/\/issuer\.example\.org +key-1 +/);
});

it("an added key set is what an enforcer takes from the folder, with no network (I13)", async () => {
  await keys(["add", issuer.issuer.replace("http:", "https:"), "--jwks", writeJwks(key.jwk), "--dir", cache()]);
  const given = issuer.issuer.replace("http:", "https:");
  const store = directoryKeyStore(cache());
  const enforcer = createEnforcer({
    issuer: given,
    audience: null,
    keys: { store, fetch: () => Promise.reject(new Error("no network")) },
  });
  await enforcer.ready();
  expect(enforcer.status()[0]?.keyIds).toEqual(["key-1"]);
  enforcer.close();
});

describe("refresh", () => {
  it("fetches an issuer's keys by discovery into the folder (I3, I13)", async () => {
    const { code, stdout, stderr } = await keys(["refresh", issuer.issuer, "--allow-insecure-issuer"]);
    const kid = issuer.jwks.keys[0]?.kid;
    expect([code, stdout, stderr]).toEqual([0, `${issuer.issuer}: ${kid}\n`, ""]);
    expect((await keys(["list"])).stdout).toContain(`${issuer.issuer}\t${kid}`);
  });

  it("without a name fetches all that are kept, fresh ones too: a rotated key is gone (I8)", async () => {
    await keys(["refresh", issuer.issuer, "--allow-insecure-issuer"]);
    const [before] = issuer.jwks.keys;
    await issuer.rotate();
    const { json } = await keys(["refresh", "--allow-insecure-issuer", "--json"]);
    expect(json).toMatchObject({ results: [{ issuer: issuer.issuer, keyIds: [issuer.jwks.keys[0]?.kid] }] });
    expect(JSON.stringify((await keys(["list", "--json"])).json)).not.toContain(before?.kid);
  });

  it("one issuer's failure stops no other, keeps what is kept, and is trouble (I5)", async () => {
    await keys(["add", ISSUER, "--jwks", writeJwks(key.jwk)]);
    const fetch: typeof globalThis.fetch = (input, init) =>
      new Request(input).url.startsWith(ISSUER)
        ? Promise.reject(new TypeError("fetch failed"))
        : globalThis.fetch(input, init);
    const args = ["refresh", ISSUER, issuer.issuer, "--allow-insecure-issuer"];
    const { code, stdout } = await keys(args, { fetch });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^https:\/\/issuer\.example\.org: failed: .*\nhttp:\/\/127\.0\.0\.1:\d+: /);
    expect((await keys(["list"])).stdout).toContain(`${ISSUER}\tkey-1`);
  });

  it("an issuer over http is refused unless it is allowed (I2)", async () => {
    const { code, stdout } = await keys(["refresh", issuer.issuer]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/failed: .*https.*--allow-insecure-issuer/);
  });
});

describe("says what is wrong", () => {
  it.each([
    [["remove", ISSUER], 1, /no keys of https:\/\/issuer\.example\.org in /],
    [["add", ISSUER], 2, /required option '--jwks <file>' not specified/],
    [["add", ISSUER, "--jwks", "/nowhere.json"], 2, /there is no such file/],
    [["add", "issuer", "--jwks", "JWKS"], 2, /--issuer: expected a URL/],
    [["list", "--dir", "JWKS"], 2, /jwks\.json: /],
  ])("%j", async (args, expected, says) => {
    const file = writeJwks(key.jwk);
    const { code, stdout, stderr } = await keys(args.map((word) => (word === "JWKS" ? file : word)));
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(says);
  });

  it("a private key is never kept, nor shown (I10)", async () => {
    const secret = key.privateKey.export({ format: "jwk" });
    const { code, stdout, stderr } = await keys(["add", ISSUER, "--jwks", writeJwks({ ...secret, kid: "leaked" })]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/private members do not belong here/);
    expect(`${stdout}${stderr}`).not.toContain(secret.d);
    const kept = existsSync(cache())
      ? readdirSync(cache()).map((name) => readFileSync(join(cache(), name), "utf8"))
      : [];
    expect(kept.join()).not.toContain(secret.d);
  });

  it("that an entry trusts nobody", async () => {
    for (const args of [["--help"], ["add", "--help"]]) {
      expect((await keys(args)).stdout.replaceAll(/\s+/g, " ")).toContain("An entry trusts nobody");
    }
  });
});
