// The WLCG system cache of key sets: which file counts, until when, and that the network is not asked. Rules I10, I14.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Enforcer, SciTokenEvent } from "@scitokens/core";
import { wlcgSystemKeys } from "@scitokens/core/node";
import { beforeEach, describe, expect, it } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import { DAY, everywhere, goodToken, HOUR, ISSUER, publish, refused, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";
import { tempFolder } from "../support/temp-folder.js";
import { typeErrorOf, wrong } from "../support/wrong.js";

const first = testKey("ES256", "first");
const second = testKey("ES256", "second");
const { network, clock, enforcerOf } = issuerForEachTest();
let root = "";
let env: Record<string, string> = {};

beforeEach(() => {
  heard = new EventEmitter().setMaxListeners(0);
  root = tempFolder();
  env = { JWKS_CACHE_DIR: join(root, "own"), JWKS_CACHE_FILE: join(root, "own.json") };
});

const HASH = createHash("sha256").update(ISSUER).digest("hex");
/** In the order of the rule. */
const PLACES = [
  `own/${HASH}`,
  "own.json",
  `etc/jwks/${HASH}`,
  "etc/jwks/cache.json",
  `var/cache/jwks/${HASH}`,
  "var/cache/jwks/cache.json",
];

const entry = (keys: readonly TestKey[], expiration: unknown, issuer = ISSUER): string =>
  JSON.stringify({ [issuer]: { expiration, jwks: { keys: keys.map(({ jwk }) => jwk) } } });

/** Writes a file as it was written so many seconds ago. */
function write(place: string, text: string, age = HOUR): string {
  const path = join(root, place);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, clock.now - age, clock.now - age);
  return path;
}

let events: SciTokenEvent[] = [];
let heard = new EventEmitter();
function enforcerOn(): Enforcer {
  events = [];
  const store = wlcgSystemKeys({ env, root, clock: clock.read });
  const onEvent = (event: SciTokenEvent): void => {
    events.push(event);
    heard.emit(event.type);
  };
  return enforcerOf({ keys: { fetch: network.fetch, store }, onEvent });
}

/** The keys after a request, and after the refresh that it set going. */
async function keysOf(enforcer: Enforcer, key = first): Promise<readonly string[]> {
  const refreshed = ["keys_recalled", "keys_fetched"].map((type) => once(heard, type));
  await verdict(enforcer, goodToken(key, clock.now, { jti: crypto.randomUUID() }));
  if (enforcer.status()[0]?.state === "stale") await Promise.race(refreshed);
  return enforcer.status()[0]?.keyIds ?? [];
}

describe("the place", () => {
  it.each(PLACES.map((place, at) => [place, at] as const))("%s is looked at as number %i (I14)", async (place, at) => {
    everywhere(network, refused);
    for (const later of PLACES.slice(at + 1)) write(later, entry([second], clock.now + HOUR));
    write(place, entry([first], clock.now + HOUR));
    expect(await keysOf(enforcerOn())).toEqual(["first"]);
    // What has expired, is of another issuer, or is rubbish does not count: the next one does.
    for (const nothing of [
      entry([first], clock.now),
      entry([first], clock.now + HOUR, "https://other.example.org"),
      "{",
      "",
      "rubbish",
      "[]",
    ]) {
      write(place, nothing);
      const expected = at + 1 < PLACES.length ? ["second"] : [];
      expect([nothing, await keysOf(enforcerOn())]).toEqual([nothing, expected]);
    }
  });

  it("of a variable that is empty or not set is none (I14)", async () => {
    write(`etc/jwks/${HASH}`, entry([first], clock.now + HOUR));
    for (env of [{}, { JWKS_CACHE_DIR: "", JWKS_CACHE_FILE: "" }])
      expect(await keysOf(enforcerOn())).toEqual(["first"]);
  });

  it("that is not there is passed over without a word (I14)", async () => {
    publish(network, [first]);
    const enforcer = enforcerOn();
    expect(await keysOf(enforcer)).toEqual(["first"]);
    expect(events.map(({ type }) => type)).toEqual(["keys_fetched"]);
  });
});

describe("a file", () => {
  it("may hold several objects, one after the other, with several issuers each (I14)", async () => {
    everywhere(network, refused);
    const soon = clock.now + HOUR;
    const several = `${entry([second], soon, "https://a.example.org")}${entry([second], soon, "https://b.example.org")}`;
    for (const text of [
      several + entry([first], soon),
      `${several}\n\n${entry([first], soon)}\n`,
      entry([first], soon) + several,
      JSON.stringify({
        ...JSON.parse(several.slice(0, several.indexOf("}{") + 1)),
        ...JSON.parse(entry([first], soon)),
      }),
      JSON.stringify(JSON.parse(entry([first], soon)), null, 2),
      entry([second], clock.now - 1) + entry([first], soon),
      `torn {"${ISSUER}":{"expiration":\n${entry([first], soon)}`,
      `{"https://odd.example.org/\\"}{":1}${entry([first], soon)}`,
      entry([first], soon) + entry([second], soon),
    ]) {
      write("own.json", text);
      expect([text, await keysOf(enforcerOn())]).toEqual([text, ["first"]]);
    }
  });

  it.each([
    ["an expiration that is no number", { expiration: "never", jwks: { keys: [first.jwk] } }],
    ["no expiration", { jwks: { keys: [first.jwk] } }],
    ["an expiration of null", { expiration: null, jwks: { keys: [first.jwk] } }],
    ["no key set", { expiration: 9e9, jwks: [first.jwk] }],
    ["null", null],
    ["a list", [first.jwk]],
  ])("with %s has no entry (I14)", async (_, value) => {
    everywhere(network, refused);
    write("own.json", JSON.stringify({ [ISSUER]: value }));
    expect(await keysOf(enforcerOn())).toEqual([]);
  });

  it("has an issuer by its own name only: not by a slash more, and not by a name of JavaScript's (I11, I14)", async () => {
    everywhere(network, refused);
    write("own.json", entry([first], clock.now + HOUR, `${ISSUER}/`));
    expect(await keysOf(enforcerOn())).toEqual([]);
  });

  it("that everybody can write to is refused, and told of where nothing else is found (I14)", async () => {
    everywhere(network, refused);
    const path = write("own.json", entry([first], clock.now + HOUR));
    chmodSync(path, 0o666);
    expect(await keysOf(enforcerOn())).toEqual([]);
    expect(events[0]).toMatchObject({
      type: "key_store_failed",
      message: expect.stringContaining("everybody can write"),
    });
    write("etc/jwks/cache.json", entry([second], clock.now + HOUR));
    expect(await keysOf(enforcerOn(), second)).toEqual(["second"]);
    expect(events.map(({ type }) => type)).toEqual(["keys_recalled"]);
  });

  it("that holds rubbish is told of where nothing else is found (I14)", async () => {
    publish(network, [first]);
    write("own.json", `${entry([first], 1)} and more`);
    expect(await keysOf(enforcerOn())).toEqual(["first"]);
    expect(events[0]).toMatchObject({ fault: "reading", message: expect.stringMatching(/own\.json: expected JSON/) });
  });

  it("of hostile braces costs no time (I14)", async () => {
    write("own.json", "\n{".repeat(500_000));
    const started = performance.now();
    await expect(wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null]))).rejects.toThrow(/expected JSON/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each([
    ["escaped quotes", '\\"'],
    ["escapes", "\\\\"],
    ["letters", "xx"],
  ])("torn in a string of %s costs no time, and hides no line below (I14)", async (_, text) => {
    for (const end of ["", "\\"]) {
      write("own.json", `{"a":"${text.repeat(1_000_000)}${end}`);
      write("etc/jwks/cache.json", entry([first], 9e9));
      const started = performance.now();
      expect(await wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null]))).toContain('"first"');
      expect(performance.now() - started).toBeLessThan(1000);
    }
    write("own.json", `{"a":"${text.repeat(10)}\n${entry([second], 9e9)}`);
    expect(await wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null]))).toContain('"second"');
  });

  it("longer than 16 MiB is told of (I14)", async () => {
    const read = (): Promise<unknown> => wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null])) as never;
    const text = entry([first], 9e9);
    write("own.json", text + " ".repeat(16_777_216 - text.length));
    expect(await read()).toContain('"first"');
    write("own.json", text + " ".repeat(16_777_217 - text.length));
    await expect(read()).rejects.toThrow(/own\.json: expected at most 16777216 bytes/);
  });

  it("of the future, by a clock that is ahead, is taken as of now (I14)", async () => {
    everywhere(network, refused);
    write("own.json", entry([first], clock.now + 2 * HOUR), -HOUR);
    const enforcer = enforcerOn();
    expect(await keysOf(enforcer)).toEqual(["first"]);
    expect(enforcer.status()[0]?.fetchedAt).toBe(clock.now);
  });

  it("that is a pipe keeps nobody waiting (I14)", async () => {
    execFileSync("mkfifo", [join(root, "own.json")]);
    const asked = wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null]));
    await expect(asked).rejects.toThrow(/own\.json: expected a file/);
  });

  it("with private members is told of; its other keys serve (I10, I14)", async () => {
    everywhere(network, refused);
    const leaked = { ...second, jwk: { ...second.privateKey.export({ format: "jwk" }), kid: "leaked" } };
    write("own.json", entry([first, leaked], clock.now + HOUR));
    expect(await keysOf(enforcerOn())).toEqual(["first"]);
    expect(events.map(({ type }) => type)).toContain("private_key_published");
  });
});

describe.runIf(process.geteuid?.() === 0)("where everybody can put a file", () => {
  const read = (): Promise<string> =>
    (wlcgSystemKeys({ env, root }).get(JSON.stringify([ISSUER, null])) as Promise<unknown>).then(
      (text) => (text === undefined ? "none" : "taken"),
      (error: Error) => error.message.replace(root, ""),
    );
  const giveAway = (path: string): void => void execFileSync("chown", ["-h", "12345", path]);
  const another = "it belongs to another user (12345)";

  it.each([
    ["755", "taken"],
    ["775", "taken"], // the group of who keeps the cache
    ["777", `/own/${HASH}: ${another}`],
    ["1777", `/own/${HASH}: ${another}`],
  ])("as in a folder of mode %s, another user's file is %s (I14)", async (mode, said) => {
    const path = write(`own/${HASH}`, entry([first], 9e9));
    chmodSync(dirname(path), Number.parseInt(mode, 8));
    expect(await read()).toBe("taken");
    giveAway(path);
    expect(await read()).toBe(said);
  });

  it("another user's folder or link is none (I14)", async () => {
    const path = write(`own/${HASH}`, entry([first], 9e9));
    chmodSync(root, 0o1777);
    expect(await read()).toBe("taken");
    giveAway(dirname(path));
    expect(await read()).toBe(`/own: ${another}`);
    rmSync(dirname(path), { recursive: true });
    symlinkSync(write("mine.json", entry([first], 9e9)), join(root, "own.json"));
    expect(await read()).toBe("taken");
    giveAway(join(root, "own.json"));
    expect(await read()).toBe(`/own.json: ${another}`);
  });
});

describe("the network", () => {
  it("is not asked while an entry is good, for days, and each refresh reads the file again (I14)", async () => {
    const end = clock.now + 10 * DAY;
    write("own.json", entry([first], end), 5 * DAY);
    const enforcer = enforcerOn();
    while (clock.now < end - 7 * HOUR) {
      expect(await keysOf(enforcer)).toEqual(["first"]);
      clock.now += 7 * HOUR;
    }
    expect(network.requests).toEqual([]);
    write("own.json", entry([second], end), 0);
    await keysOf(enforcer);
    expect(await verdict(enforcer, goodToken(second, clock.now))).toBe("good");
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("unknown_key");
  });

  it("is asked when it expires, unless the next file has one (I14)", async () => {
    write("own.json", entry([first], clock.now + HOUR));
    write("etc/jwks/cache.json", entry([second], clock.now + 2 * HOUR));
    publish(network, [first, second]);
    const enforcer = enforcerOn();
    expect(await keysOf(enforcer)).toEqual(["first"]);
    clock.now += HOUR - 0.1;
    expect(await keysOf(enforcer)).toEqual(["first"]);
    clock.now += 0.1;
    expect(await keysOf(enforcer, second)).toEqual(["second"]);
    expect(network.requests).toEqual([]);
    clock.now += HOUR;
    expect(await keysOf(enforcer)).toEqual(["first", "second"]);
  });

  it("is not there, and the entry has expired: the issuer is unavailable, no token is bad (I14, I9)", async () => {
    everywhere(network, refused);
    write("own.json", entry([first], clock.now + HOUR));
    const enforcer = enforcerOn();
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("good");
    clock.now += HOUR;
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("issuer_unavailable");
  });

  it("is not there, and the file is gone: its keys last as long as fetched ones do (I14, I5)", async () => {
    everywhere(network, refused);
    const path = write("own.json", entry([first], clock.now + 10 * DAY));
    const enforcer = enforcerOn();
    expect(await keysOf(enforcer)).toEqual(["first"]);
    rmSync(path);
    clock.now += 2 * DAY - 0.1;
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("good");
    clock.now += 0.1;
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("issuer_unavailable");
  });

  it("is asked for a kid that is not known; its younger answer is not undone by the older file (I7, I8, I14)", async () => {
    write("own.json", entry([first], clock.now + 10 * DAY));
    publish(network, [second]);
    const enforcer = enforcerOn();
    expect(await verdict(enforcer, goodToken(first, clock.now))).toBe("good");
    expect(await verdict(enforcer, goodToken(second, clock.now))).toBe("good");
    clock.now += 7 * HOUR;
    expect(await keysOf(enforcer, second)).toEqual(["second"]);
    // A file that was written since is younger.
    write("own.json", entry([first, second], clock.now + 10 * DAY), -10);
    clock.now += 7 * HOUR;
    expect(await keysOf(enforcer, second)).toEqual(["first", "second"]);
  });
});

describe("wlcgSystemKeys()", () => {
  it("cannot be written to, and knows nothing of other names (I14)", async () => {
    const store = wlcgSystemKeys({ env, root });
    expect(store).not.toHaveProperty("set");
    expect(await store.get("[1]")).toBeUndefined();
    rmSync(root, { recursive: true });
    expect(await store.get(JSON.stringify([ISSUER, null]))).toBeUndefined();
  });

  it("takes no option that it does not know (I14)", () => {
    expect(typeErrorOf(() => wlcgSystemKeys(wrong({ environment: {} })))).toMatch(/unknown option 'environment'/);
  });
});
