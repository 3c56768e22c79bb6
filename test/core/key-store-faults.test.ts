// A store that throws, hangs, lies or holds rubbish: one warning, and no request is refused for it. Rule I13.
import type { KeyStore, SciTokenEvent } from "@scitokens/core";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { changingKeysForEachTest, first, second, YEAR } from "../support/changing-keys.js";
import { KEY, storedSet, storeWith } from "../support/key-stores.js";
import {
  atOnce,
  DAY,
  everywhere,
  hanging,
  HOUR,
  ISSUER,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";

const { network, clock, enforcerOf, request, fresh, fetches } = changingKeysForEachTest();
let events: SciTokenEvent[];
let unhandled: unknown[];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  [events, unhandled] = [[], []];
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  vi.useRealTimers();
  await settled();
  process.off("unhandledRejection", onUnhandled);
  if (unhandled.length > 0) throw new Error("a promise was left alone", { cause: unhandled[0] });
});

const onEvent = (event: SciTokenEvent): void => void events.push(event);
const faults = (): readonly SciTokenEvent[] => events.filter(({ type }) => type === "key_store_failed");
const fault = (kind: string, message: unknown): object => ({
  type: "key_store_failed",
  issuer: ISSUER,
  fault: kind,
  message,
});

/** As Keyv with a Redis that went away, and worse. */
const FAILING: readonly (readonly [string, KeyStore, readonly object[]])[] = [
  [
    "throws",
    {
      get: () => {
        throw new Error("no disk");
      },
      set: () => {
        throw new Error("no disk");
      },
    },
    [fault("reading", "no disk"), fault("writing", "no disk")],
  ],
  [
    "rejects",
    { get: () => Promise.reject(new Error("no net")), set: () => Promise.reject(new Error("no net")) },
    [fault("reading", "no net"), fault("writing", "no net")],
  ],
  [
    "rejects with what is no error",
    { get: () => Promise.reject("x"), set: () => Promise.reject(undefined) },
    [fault("reading", "it failed"), fault("writing", "it failed")],
  ],
  [
    "says that it did not take it",
    { get: () => undefined, set: () => Promise.resolve(false) },
    [fault("writing", "the store did not take it")],
  ],
];

describe("a store", () => {
  it.each(FAILING)("that %s is told of once, and costs no request anything (I13)", async (_, store, told) => {
    const enforcer = enforcerOf({ keys: { store }, onEvent });
    for (let times = 0; times < 3; times++) {
      expect(await request(enforcer)).toBe("good");
      clock.now += 7 * HOUR;
    }
    expect(fetches()).toBe(3);
    expect(faults()).toEqual(told);
  });

  it("that is well again, and then not, is told of again (I13)", async () => {
    let broken = true;
    const act = (): undefined => {
      if (broken) throw new Error("broken");
      return undefined;
    };
    const enforcer = enforcerOf({ keys: { store: { get: act, set: act } }, onEvent });
    for (broken of [true, true, false, false, true]) {
      await request(enforcer);
      clock.now += 7 * HOUR;
    }
    expect(faults().map((event) => "fault" in event && event.fault)).toEqual([
      "reading",
      "writing",
      "reading",
      "writing",
    ]);
  });

  it("may say what it likes: it is made fit for a log, and no password of an address stays (I13, H6)", async () => {
    const words = `cannot reach redis://alice:hunter2@redis.example.org:6379 \u001b[31m${"x".repeat(10_000)}`;
    const store = { get: () => Promise.reject(new Error(words)) };
    await request(enforcerOf({ keys: { store }, onEvent }));
    const [told] = faults();
    expect(told).toMatchObject({ message: expect.stringContaining("redis://redis.example.org:6379") });
    expect(JSON.stringify(told)).not.toContain("hunter2");
    expect(told && "message" in told && told.message).not.toContain("\u001b");
    expect(JSON.stringify(told).length).toBeLessThan(500);
  });

  it.each([
    ["has no message", Object.assign(new Error(), { message: undefined }), "it failed"],
    ["has a number for a message", Object.assign(new Error(), { message: 42 }), "it failed"],
    ["has a symbol for a message", Object.assign(new Error(), { message: Symbol("x") }), "it failed"],
    ["has an empty message", new Error(" "), "it failed"],
    ["has a code alone", Object.assign(new Error(""), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
    ["is several without words", new AggregateError([]), "it failed"],
    ["is several", new AggregateError([new Error("connect ::1"), new Error("no")]), "connect ::1"],
    [
      "is several with a code, as Node's",
      Object.assign(new AggregateError([new Error("connect")]), { code: "ETIMEDOUT" }),
      "ETIMEDOUT",
    ],
    [
      "throws itself",
      Object.defineProperty(new Error(), "message", {
        get: () => {
          throw new Error("no message");
        },
      }),
      "it failed",
    ],
  ])("may fail with what %s: it is told of, and no process dies of it (I13)", async (_, error, message) => {
    const store = { get: () => Promise.reject(error), set: () => Promise.reject(error) };
    const enforcer = enforcerOf({ keys: { store }, onEvent });
    expect(await request(enforcer)).toBe("good");
    expect(faults()).toEqual([fault("reading", message), fault("writing", message)]);
  });

  const LINE = "no answer of https://redis.example.org or bob@example.org";
  it.each([
    ["an address", "redis://alice:hunter2@redis.example.org:6379 is gone", "redis://redis.example.org:6379 is gone"],
    ["one without a user", "redis://:hunter2@redis.example.org", "redis://redis.example.org"],
    ["a password of any characters", "redis://alice:p@ss/hunter2//@redis.example.org", "redis://redis.example.org"],
    ["several addresses", "redis://a:hunter2@one.example.org,redis://b:x@two.example.org", "redis://two.example.org"],
    ["JSON", '{"url":"https://u:hunter2@a.example.org","n":1}', '{"url":"https://a.example.org","n":1}'],
    ["what is no password", LINE, LINE],
    ["100,000 slashes", "//".repeat(50_000), `${"/".repeat(256)}…`],
  ])("that fails with %s in its words has no password in its warning (I13, H6)", async (_, words, message) => {
    const started = performance.now();
    await request(enforcerOf({ keys: { store: { get: () => Promise.reject(new Error(words)) } }, onEvent }));
    expect(faults()).toEqual([fault("reading", message)]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("that fails does not hide another one (I13)", async () => {
    everywhere(network, refused);
    const stores = [{ get: () => Promise.reject(new Error("no")) }, storeWith(storedSet([first], clock.now))];
    expect(await request(enforcerOf({ keys: { store: stores } }))).toBe("good");
  });
});

describe("a store that hangs", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  const never: KeyStore = { get: () => new Promise(() => {}), set: () => new Promise(() => {}) };

  it("costs a request a second, once more a minute later, and then nothing (I13)", async () => {
    const get = vi.fn(never.get);
    const enforcer = enforcerOf({ keys: { store: { ...never, get } }, onEvent });
    const waiting = verdict(enforcer, fresh());
    await vi.advanceTimersByTimeAsync(999);
    await settled();
    expect(fetches()).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBe("good");
    expect(faults()).toEqual([fault("reading", "no answer within 1 s")]);
    clock.now += 3 * DAY; // no usable keys: the next request needs them, too
    const again = verdict(enforcer, fresh());
    await settled();
    expect([get.mock.calls.length, fetches()]).toEqual([2, 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await again).toBe("good");
    clock.now += 3 * DAY;
    expect(await verdict(enforcer, fresh())).toBe("good");
    expect(get).toHaveBeenCalledTimes(2);
    expect(faults().map((event) => "fault" in event && event.fault)).toEqual(["reading", "writing"]);
  });

  it("once, and answers when it is asked again a minute later, is in use again (I13)", async () => {
    everywhere(network, refused);
    const text = storedSet([first], clock.now);
    const answers: unknown[] = [new Promise(() => {})];
    const get = vi.fn(() => (answers.length > 0 ? answers.shift() : text));
    const enforcer = enforcerOf({ keys: { store: { get } } });
    const waiting = verdict(enforcer, fresh());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toBe("issuer_unavailable");
    clock.now += 59;
    expect(await verdict(enforcer, fresh())).toBe("issuer_unavailable");
    expect(get).toHaveBeenCalledTimes(1);
    clock.now += 5;
    expect(await verdict(enforcer, fresh())).toBe("good");
    // The answer that is lost does not make one of the others wait.
    clock.now += 7 * HOUR;
    expect(await request(enforcer)).toBe("good");
    clock.now += 5;
    expect(await request(enforcer)).toBe("good");
    expect(get).toHaveBeenCalledTimes(4);
  });

  it("keeps no process alive after close(), and does while a request waits for it (I13)", async () => {
    const [set, cleared] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
    onTestFinished(() => void vi.restoreAllMocks());
    const holding = (): readonly boolean[] => {
      const over = new Set(cleared.mock.calls.map(([timer]) => timer));
      const left = set.mock.results.map(({ value }) => value as NodeJS.Timeout).filter((timer) => !over.has(timer));
      return left.map((timer) => timer.hasRef());
    };
    const reading = enforcerOf({ keys: { store: never } });
    const waiting = verdict(reading, fresh());
    await settled();
    expect(holding()).toEqual([true]);
    reading.close();
    await waiting;
    expect(holding()).toEqual([]);
    const writing = enforcerOf({ keys: { store: { get: () => undefined, set: () => new Promise(() => {}) } } });
    expect(await verdict(writing, fresh())).toBe("good");
    await settled();
    expect(holding()).toEqual([false]);
  });

  it("is not handed one write after the other: when it wakes up it gets the last (I13)", async () => {
    const handed: string[] = [];
    let wake = (): void => {};
    const set = (_: string, value: string): Promise<void> => {
      handed.push(value);
      return new Promise((resolve) => (wake = resolve));
    };
    const enforcer = enforcerOf({ keys: { store: { get: () => undefined, set }, refreshAfter: 60 }, onEvent });
    const times: number[] = [];
    for (let refresh = 0; refresh < 10; refresh++) {
      expect(await request(enforcer)).toBe("good");
      times.push(clock.now);
      await vi.advanceTimersByTimeAsync(1000);
      clock.now += 60;
    }
    expect(handed).toHaveLength(1);
    expect(faults()).toEqual([fault("writing", "no answer within 1 s")]);
    wake();
    await settled();
    expect(handed.map((value) => (JSON.parse(value) as { fetchedAt: number }).fetchedAt)).toEqual([times[0], times[9]]);
  });

  it("makes no request wait while there are usable keys, however old (I13, I5)", async () => {
    const store = storeWith(storedSet([first], clock.now));
    const enforcer = enforcerOf({ keys: { store } });
    expect(await verdict(enforcer, fresh())).toBe("good");
    store.get = () => new Promise(() => {}) as unknown as string;
    everywhere(network, hanging);
    clock.now += DAY;
    expect(await atOnce(verdict(enforcer, fresh()))).toBe("good");
  });
});

describe("what is read back", () => {
  const good = (): Record<string, unknown> => JSON.parse(storedSet([first], clock.now)) as Record<string, unknown>;
  const deep = `{"version":1,"x":${"[".repeat(40)}${"]".repeat(40)}}`;

  const RUBBISH: readonly (readonly [string, () => unknown])[] = [
    ["an empty text", () => ""],
    ["half of a set", () => storedSet([first], clock.now).slice(0, 100)],
    ["a set and a half", () => storedSet([first], clock.now) + storedSet([first], clock.now).slice(0, 50)],
    ["no JSON", () => "<!doctype html>"],
    ["a list", () => "[]"],
    ["a number", () => 42],
    ["an object", () => good()],
    ["bytes", () => Buffer.from(storedSet([first], clock.now))],
    ["what is nested too deep", () => deep],
    ["a name that stands twice", () => storedSet([first], clock.now).replace('{"version"', '{"issuer":"x","version"')],
    ["another version", () => JSON.stringify({ ...good(), version: 2 })],
    ["a version as a text", () => JSON.stringify({ ...good(), version: "1" })],
    ["another issuer", () => JSON.stringify({ ...good(), issuer: "https://other.example.org" })],
    ["an issuer with a slash more", () => JSON.stringify({ ...good(), issuer: `${ISSUER}/` })],
    ["no issuer", () => JSON.stringify({ ...good(), issuer: undefined })],
    ["a list of issuers", () => JSON.stringify({ ...good(), issuer: [ISSUER] })],
    ["a place that is not configured", () => JSON.stringify({ ...good(), jwksUri: `${ISSUER}/keys` })],
    ["keys that may have come by http", () => JSON.stringify({ ...good(), http: true })],
    ["no time", () => JSON.stringify({ ...good(), fetchedAt: undefined })],
    ["a time as a text", () => JSON.stringify({ ...good(), fetchedAt: String(clock.now) })],
    ["a time before all times", () => JSON.stringify({ ...good(), fetchedAt: -1 })],
    ["a time without end", () => JSON.stringify(good()).replace(`"fetchedAt":${clock.now}`, '"fetchedAt":1e999')],
    ["a time to come", () => JSON.stringify({ ...good(), fetchedAt: clock.now + YEAR })],
    ["a maxAge as a text", () => JSON.stringify({ ...good(), maxAge: "1" })],
    ["an end as a text", () => JSON.stringify({ ...good(), expiresAt: "never" })],
    ["no keys", () => JSON.stringify({ ...good(), jwks: undefined })],
    ["keys that are no set", () => JSON.stringify({ ...good(), jwks: { keys: "first" } })],
    ["more than maxBytes", () => JSON.stringify({ ...good(), more: "x".repeat(1_048_576) })],
    ["more than maxBytes in UTF-8 alone", () => JSON.stringify({ ...good(), more: "é".repeat(600_000) })],
  ];

  it.each(RUBBISH)(
    "is refused where it is %s, with one warning that quotes nothing of it (I13)",
    async (_, rubbish) => {
      const value = rubbish();
      const enforcer = enforcerOf({ keys: { store: { get: () => value } }, onEvent });
      expect(await request(enforcer)).toBe("good");
      expect(fetches()).toBe(1);
      clock.now += 7 * HOUR;
      expect(await request(enforcer)).toBe("good");
      expect(faults()).toEqual([fault("content", expect.stringMatching(/expected|twice/))]);
      expect(JSON.stringify(faults())).not.toContain(String(first.jwk["x"]));
    },
  );

  it("counts as nothing where it is undefined or null, without a warning (I13)", async () => {
    for (const value of [undefined, null]) {
      expect(await request(enforcerOf({ keys: { store: { get: () => value } }, onEvent }))).toBe("good");
    }
    expect(fetches()).toBe(2);
    expect(faults()).toEqual([]);
  });

  it("is overwritten by what is fetched, and good again (I13)", async () => {
    const store = storeWith("rubbish");
    const enforcer = enforcerOf({ keys: { store }, onEvent });
    expect(await request(enforcer)).toBe("good");
    everywhere(network, refused);
    expect(await request(enforcerOf({ keys: { store } }))).toBe("good");
    store.set(KEY, "rubbish again");
    publish(network, [first]);
    clock.now += 7 * HOUR;
    await request(enforcer);
    clock.now += 7 * HOUR;
    store.set(KEY, storedSet([first, second], clock.now));
    await request(enforcer);
    clock.now += 7 * HOUR;
    store.set(KEY, "rubbish");
    await request(enforcer);
    expect(faults()).toHaveLength(2);
  });

  it("loses only the keys that cannot be used (I13, I10)", async () => {
    everywhere(network, refused);
    const store = storeWith(storedSet([null, { kty: "oct", k: "x" }, { ...first.jwk, use: "enc" }, second], clock.now));
    const enforcer = enforcerOf({ keys: { store }, onEvent });
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh(first))).toBe("unknown_key");
    expect(faults()).toEqual([]);
  });
});
