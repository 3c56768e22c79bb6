// Keys in a folder: whole, private, nobody else's; and what becomes of folders that are not so. Rules I11, I13.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createEnforcer } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { defaultKeyFolder, directoryKeyStore, storedJwks } from "@scitokens/core/node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY, storedSet } from "../support/key-stores.js";
import { AUDIENCE, createNetwork, goodToken, ISSUER, publish, refused, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { tempFolder } from "../support/temp-folder.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const key = testKey("ES256", "k1");
const now = (): number => Date.now() / 1000;
const isRoot = process.geteuid?.() === 0;
const someoneElse = 12_345;
let folder = "";

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  folder = join(tempFolder(), "cache", "scitokens");
});

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const onlyFile = (): string => join(folder, readdirSync(folder)[0] ?? "");

describe("a folder of keys", () => {
  it("gives back what was kept, to the letter, and forgets it (I13)", async () => {
    const store = directoryKeyStore(folder);
    const value = `${storedSet([key], now())} ü€😀`;
    expect(await store.get(KEY)).toBeUndefined();
    await store.set(KEY, value);
    expect(await store.get(KEY)).toBe(value);
    expect(await directoryKeyStore(folder).get(KEY)).toBe(value);
    expect(await store.get("another")).toBeUndefined();
    expect(await store.delete(KEY)).toBe(true);
    expect(await store.delete(KEY)).toBe(false);
    expect(await store.get(KEY)).toBeUndefined();
  });

  it("makes nothing before something is kept, and then a folder of mode 700 with files of mode 600 (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.get(KEY);
    await store.delete(KEY);
    expect(await store.entries()).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    await store.set(KEY, "x");
    expect([modeOf(folder), modeOf(join(folder, "..")), modeOf(onlyFile())]).toEqual(["700", "700", "600"]);
  });

  it("has one file for each name, and nothing of the name in it (I11, I13)", async () => {
    const store = directoryKeyStore(folder);
    const names = ["../../etc/passwd", "/etc/passwd", "a\u0000b", "", "x".repeat(10_000), KEY, `${KEY} `];
    for (const name of names) await store.set(name, `value of ${name}`);
    for (const name of names) expect(await store.get(name)).toBe(`value of ${name}`);
    expect(readdirSync(folder)).toHaveLength(names.length);
    for (const file of readdirSync(folder)) expect(file).toMatch(/^[0-9a-f]{64}\.json$/);
  });

  it("is not written into, but beside and renamed: who reads has the old text or the new (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "old");
    const { ino } = statSync(onlyFile());
    await store.set(KEY, "new");
    expect(statSync(onlyFile()).ino).not.toBe(ino);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("comes back when somebody removes it (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "x");
    renameSync(folder, `${folder}-gone`);
    expect(await store.get(KEY)).toBeUndefined();
    await store.set(KEY, "y");
    expect(await store.get(KEY)).toBe("y");
  });

  it("clears away what a killed process left, once it is old, and nothing else (I13)", async () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = `.${"a".repeat(64)}.json.123-0123456789ab`;
    const others = [`.${"b".repeat(64)}.json.123-0123456789ab`, "notes.txt", ".hidden", `${"c".repeat(64)}.json`];
    for (const file of [name, ...others]) writeFileSync(join(folder, file), "x");
    for (const file of [name, ...others.slice(1)]) utimesSync(join(folder, file), now() - 4000, now() - 4000);
    await directoryKeyStore(folder).set(KEY, "x");
    const left = readdirSync(folder);
    expect(left).not.toContain(name);
    expect(left).toEqual(expect.arrayContaining(others));
  });

  it.each([42, "", {}, []])("is not %j (I13)", (path) => {
    expect(typeErrorOf(() => directoryKeyStore(wrong(path)))).toBe("folder: expected the path of a folder");
  });
});

describe("the default folder", () => {
  it.each([
    [{ XDG_CACHE_HOME: "/c", HOME: "/home/a" }, "/c/scitokens"],
    [{ XDG_CACHE_HOME: "cache", HOME: "/home/a" }, "/home/a/.cache/scitokens"],
    [{ XDG_CACHE_HOME: "", HOME: "/home/a" }, "/home/a/.cache/scitokens"],
    [{ HOME: "/home/a" }, "/home/a/.cache/scitokens"],
  ])("for %j is %s (I13)", (env, expected) => {
    expect(defaultKeyFolder(env)).toBe(expected);
  });

  it("is reached when it is used, not when it is named (I13)", () => {
    const { folder: path } = directoryKeyStore();
    expect(path).toBe(defaultKeyFolder());
  });
});

/** As root by giving it away; an ordinary user can only become somebody else in the eyes of the store. */
function giveAway(path: string): void {
  if (isRoot) execFileSync("chown", ["-h", String(someoneElse), path]);
  else vi.spyOn(process, "geteuid").mockReturnValue(someoneElse);
}

/** Makes a folder with a key in it go wrong; what the store says of it, without the path. */
const UNSAFE: readonly (readonly [string, () => void, RegExp])[] = [
  ["a folder that others can write to", () => chmodSync(folder, 0o777), /others can write to it \(mode 777\)/],
  ["a folder that its group can write to", () => chmodSync(folder, 0o770), /others can write to it \(mode 770\)/],
  ["a folder of another user", () => giveAway(folder), /belongs to another user/],
  ["a file that others can write to", () => chmodSync(onlyFile(), 0o606), /others can write to it \(mode 606\)/],
  ["a file of another user", () => giveAway(onlyFile()), /belongs to another user/],
  [
    "a link in place of a file",
    () => {
      renameSync(onlyFile(), `${folder}/elsewhere`);
      symlinkSync(`${folder}/elsewhere`, join(folder, readFileSync(`${folder}.name`, "utf8")));
    },
    /ELOOP/,
  ],
  [
    "a link of another user in place of the folder",
    () => {
      renameSync(folder, `${folder}-real`);
      symlinkSync(`${folder}-real`, folder);
      giveAway(folder);
    },
    /belongs to another user/,
  ],
  [
    "a pipe in place of a file",
    () => {
      renameSync(onlyFile(), `${folder}/elsewhere`);
      execFileSync("mkfifo", ["-m", "600", join(folder, readFileSync(`${folder}.name`, "utf8"))]);
    },
    /expected a file/,
  ],
  [
    "a file in place of the folder",
    () => {
      renameSync(folder, `${folder}-real`);
      writeFileSync(folder, "x");
    },
    /expected a folder/,
  ],
];

describe("another's hand", () => {
  it.each(UNSAFE)("in %s makes no key good, and is told of while requests go on (I13)", async (_, spoil, words) => {
    const network = createNetwork();
    const store = directoryKeyStore(folder);
    await store.set(KEY, storedSet([key], now()));
    writeFileSync(`${folder}.name`, readdirSync(folder)[0] ?? "");
    spoil();
    const events: SciTokenEvent[] = [];
    const written: Promise<unknown>[] = [];
    const set = (name: string, value: string): Promise<void> => {
      const writing = store.set(name, value);
      written.push(writing);
      return writing;
    };
    const keys = { fetch: network.fetch, store: { get: store.get, set } };
    const options = { issuer: ISSUER, audience: AUDIENCE, keys };
    for (const url of ["/keys", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]) {
      network.answers.set(ISSUER + url, refused);
    }
    const offline = createEnforcer({ ...options, onEvent: (event) => events.push(event) });
    expect(await verdict(offline, goodToken(key, now()))).toBe("issuer_unavailable");
    expect(events[0]).toMatchObject({
      type: "key_store_failed",
      fault: "reading",
      message: expect.stringMatching(words),
    });
    publish(network, [key]);
    expect(await verdict(createEnforcer(options), goodToken(key, now()))).toBe("good");
    await Promise.allSettled(written); // before the folder is removed
  });

  it.runIf(isRoot)("of root is trusted, as everywhere (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "x");
    chmodSync(onlyFile(), 0o644);
    vi.spyOn(process, "geteuid").mockReturnValue(someoneElse);
    expect(await store.get(KEY)).toBe("x");
  });

  it("of this user may put the folder elsewhere by a link (I13)", async () => {
    const real = join(tempFolder(), "real");
    mkdirSync(real, { mode: 0o700 });
    mkdirSync(join(folder, ".."), { recursive: true });
    symlinkSync(real, folder);
    const store = directoryKeyStore(folder);
    await store.set(KEY, "x");
    expect(await store.get(KEY)).toBe("x");
    expect(readdirSync(real)).toHaveLength(1);
  });
});

describe("entries()", () => {
  it("lists issuers, keys and times, and leaves out what is none (I13)", async () => {
    const store = directoryKeyStore(folder);
    const [other, at] = ["https://a.example.org", 1_800_000_000];
    await store.set(KEY, storedSet([key], at, { maxAge: 7200 }));
    const { key: name, value } = storedJwks({
      issuer: other,
      jwksUri: `${other}/keys`,
      jwks: { keys: [testKey("RS256", "r1").jwk, { ...key.jwk, kid: undefined }] },
      fetchedAt: at,
    });
    await store.set(name, value);
    await store.set("rubbish", "rubbish");
    await store.set("of another name", storedSet([key], at));
    writeFileSync(join(folder, "scitokens_cpp.sqllite"), "another program's");
    const listed = await store.entries();
    expect(listed).toEqual([
      {
        issuer: other,
        jwksUri: `${other}/keys`,
        keyIds: ["r1", "(without kid)"],
        fetchedAt: at,
        refreshAt: at + 21_600,
        usableUntil: at + 172_800,
        file: expect.stringContaining(folder),
        key: name,
      },
      expect.objectContaining({ issuer: ISSUER, jwksUri: undefined, keyIds: ["k1"], refreshAt: at + 7200, key: KEY }),
    ]);
    for (const { key: entry } of listed) expect(await store.delete(entry)).toBe(true);
    expect(await store.entries()).toEqual([]);
  });
});

describe("storedJwks()", () => {
  it("makes what an enforcer takes without its issuer (I13)", async () => {
    const store = directoryKeyStore(folder);
    const made = storedJwks({ issuer: ISSUER, jwks: { keys: [key.jwk, { kty: "oct" }] } });
    expect(made).toMatchObject({ keyIds: ["k1"], ignored: 1 });
    await store.set(made.key, made.value);
    const keys = { fetch: createNetwork().fetch, store };
    const enforcer = createEnforcer({ issuer: ISSUER, audience: AUDIENCE, keys });
    expect(await verdict(enforcer, goodToken(key, now()))).toBe("good");
  });

  it.each([
    ["private keys", { keys: [{ ...key.privateKey.export({ format: "jwk" }), kid: "p" }] }, /private members/],
    ["no usable key", { keys: [{ kty: "oct" }] }, /at least one usable key/],
    ["no set", { kty: "EC" }, /expected a JWK set/],
    ["null", null, /expected a JWK set/],
  ])("takes no %s, and says nothing of it (I10)", (_, jwks, words) => {
    const message = typeErrorOf(() => storedJwks({ issuer: ISSUER, jwks: wrong(jwks) }));
    expect(message).toMatch(words);
    expect(message).not.toContain(String(key.privateKey.export({ format: "jwk" }).d));
  });
});
