// Keys in a folder: whole, private, nobody else's; and what becomes of folders that are not so. Rules I11, I13.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
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
import { open } from "node:fs/promises";
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

  it("keeps the younger of two key sets, whichever is written last (I8, I13)", async () => {
    const store = directoryKeyStore(folder);
    const [older, younger] = [storedSet([key], now() - 100), storedSet([], now() - 50)];
    for (const [value, kept] of [
      [older, older],
      [younger, younger],
      [older, younger],
      [storedSet([key], now() + 3600), undefined], // of a machine whose clock is wrong
      [older, older],
      ["rubbish", "rubbish"],
      [older, older],
    ] as const) {
      await store.set(KEY, value);
      expect(await store.get(KEY)).toBe(kept ?? value);
    }
    chmodSync(onlyFile(), 0o666);
    await store.set(KEY, storedSet([key], now() - 200));
    expect(modeOf(onlyFile())).toBe("600");
  });

  it("has neither a new nor a half file where writing fails, and keeps the old one (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "old");
    const name = readdirSync(folder)[0] ?? "";
    renameSync(onlyFile(), `${folder}-old`);
    mkdirSync(join(folder, name, "in the way"), { recursive: true });
    await expect(store.set(KEY, "new")).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual([name]);
    await expect(store.get(KEY)).rejects.toThrow(/expected a file/);
  });

  it("has reached the disk when it is kept: the file before its name, then the name (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "x");
    const handle = await open(onlyFile());
    const kind = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    const synced: string[] = [];
    vi.spyOn(kind, "sync").mockImplementation(async function (this: typeof handle) {
      synced.push((await this.stat()).isDirectory() ? `folder: ${readdirSync(folder).join()}` : "file");
    });
    const before = statSync(onlyFile()).ino;
    await store.set(KEY, "y");
    expect(synced).toEqual(["file", `folder: ${readdirSync(folder).join()}`]);
    expect(statSync(onlyFile()).ino).not.toBe(before);
  });

  it("holds no file longer than any key set (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, "x".repeat(17_825_792));
    expect(await store.get(KEY)).toHaveLength(17_825_792);
    appendFileSync(onlyFile(), "x");
    await expect(store.get(KEY)).rejects.toThrow(/expected at most 17825792 bytes/);
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
    /expected a file, not a link/,
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
    const [other, at] = ["https://a.example.org", 1_700_000_000];
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

describe("a file that is refused", () => {
  it("is told of by entries(), by an error, or beside the others (I13)", async () => {
    const store = directoryKeyStore(folder);
    await store.set(KEY, storedSet([key], now()));
    const bad = onlyFile();
    const place = { issuer: "https://a.example.org", jwks: { keys: [key.jwk] } };
    const made = storedJwks(place);
    await store.set(made.key, made.value);
    chmodSync(bad, 0o666);
    await expect(store.entries()).rejects.toThrow(`others can write to it (mode 666): chmod go-w ${bad}`);
    const faults: string[] = [];
    const listed = await store.entries({ onRefused: ({ message }) => faults.push(message) });
    expect(listed.map(({ issuer }) => issuer)).toEqual([place.issuer]);
    expect(faults).toEqual([`others can write to it (mode 666): chmod go-w ${bad}`]);
    expect(await store.delete(KEY)).toBe(true); // it is this user's folder: what is bad in it can go
    expect(await store.entries()).toHaveLength(1);
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

  const http = "http://localhost:1";
  const other = `${ISSUER}/other`;

  it.each([
    [{}, {}, { allowInsecureIssuer: true }],
    [{ allowInsecureIssuer: true }, { allowInsecureIssuer: true }, {}],
    [{ jwksUri: other, allowInsecureIssuer: true }, { jwksUri: other }, {}],
    [{ issuer: http }, { issuer: http, allowInsecureIssuer: true }, { allowInsecureIssuer: true }],
  ])("of %j is found by an enforcer with %j, not with %j (I2, I13)", async (place, right, wrongOnes) => {
    const store = directoryKeyStore(folder);
    const made = storedJwks({ issuer: ISSUER, ...place, jwks: { keys: [key.jwk] } });
    await store.set(made.key, made.value);
    const keys = { fetch: createNetwork().fetch, store };
    for (const [options, expected] of [
      [right, "good"],
      [wrongOnes, "issuer_unavailable"],
    ] as const) {
      const issuer = { issuer: ISSUER, ...options };
      const enforcer = createEnforcer({ issuer, audience: AUDIENCE, keys });
      expect(await verdict(enforcer, goodToken(key, now(), { iss: issuer.issuer }))).toBe(expected);
    }
  });

  const WRONG: readonly (readonly [object, RegExp])[] = [
    [{ issuer: "mailto:x" }, /^issuer: expected/],
    [{ issuer: "ftp://issuer.example.org" }, /^issuer: expected/],
    [{ issuer: "issuer" }, /^issuer: expected a URL$/],
    [{ issuer: 42 }, /^issuer: expected a URL$/],
    [{ issuer: "https://me:secret@issuer.example.org" }, /^issuer: expected a URL without user name and password$/],
    [{ jwksUri: "file:///etc/jwks" }, /^jwksUri: expected/],
    [{ allowInsecureIssuer: "yes" }, /^allowInsecureIssuer: expected true or false$/],
    [{ fetched: 1 }, /unknown option 'fetched'; did you mean 'fetchedAt'/],
    ...[Number.NaN, -5, 1e12, "x", null, Infinity].map(
      (fetchedAt) => [{ fetchedAt }, /^fetchedAt: expected seconds since the epoch$/] as const,
    ),
  ];

  it.each(WRONG)("takes no %j (I2, I13)", (change, words) => {
    const options = { issuer: ISSUER, jwks: { keys: [key.jwk] }, ...change };
    expect(typeErrorOf(() => storedJwks(wrong(options)))).toMatch(words);
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
