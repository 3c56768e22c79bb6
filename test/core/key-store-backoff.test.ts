// Stores while the issuer cannot be asked: looked at now and then, and no reason to ask it more often. Rules I6, I8, I13, I14.
import type { KeyStore } from "@scitokens/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second } from "../support/changing-keys.js";
import { countingStore, KEY, storedSet, storeWith } from "../support/key-stores.js";
import { DAY, everywhere, HOUR, ISSUER, refused, settled, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const { network, clock, enforcerOf, request, fresh, attempts } = changingKeysForEachTest();

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => vi.restoreAllMocks());

/** Keys that somebody vouches for, as those of the WLCG system cache. */
const vouched = (writtenAt: number, expiresAt: number, keys = [first]): string =>
  storedSet(keys, writtenAt, { expiresAt });

describe("during back-off", () => {
  /** An enforcer without keys that has failed often: it asks nobody for more than a minute. */
  async function backedOff(store: KeyStore): Promise<ReturnType<typeof enforcerOf>> {
    everywhere(network, refused);
    const enforcer = enforcerOf({ keys: { store } });
    for (const seconds of [1, 2, 4, 8, 16, 32, 64]) {
      expect(await request(enforcer)).toBe("issuer_unavailable");
      clock.now += seconds;
    }
    expect(await request(enforcer)).toBe("issuer_unavailable");
    return enforcer;
  }

  it("keys that another process stores are found, and nobody is asked (I6, I13)", async () => {
    const store = new Map<string, string>();
    const enforcer = await backedOff(store);
    const before = attempts();
    clock.now += 5;
    store.set(KEY, storedSet([first], clock.now));
    expect(await request(enforcer)).toBe("good");
    expect(attempts()).toBe(before);
    expect(enforcer.status()).toMatchObject([{ state: "fresh", failures: 0 }]);
  });

  it("old ones are used, and do not end it: whoever stored them has not reached the issuer since (I6, I13)", async () => {
    const store = new Map<string, string>();
    const enforcer = await backedOff(store);
    const before = enforcer.status();
    clock.now += 5;
    store.set(KEY, storedSet([first], clock.now - 7 * HOUR));
    expect(await request(enforcer)).toBe("good");
    const { failures, nextAttemptAt } = before[0] ?? {};
    expect(enforcer.status()).toMatchObject([{ state: "stale", failures, nextAttemptAt }]);
  });

  it("they are found by ready(), too (I6, I13)", async () => {
    const store = new Map<string, string>();
    const enforcer = await backedOff(store);
    clock.now += 5;
    store.set(KEY, storedSet([first], clock.now));
    await enforcer.ready();
    expect(enforcer.status()).toMatchObject([{ state: "fresh" }]);
  });

  it("the store is looked at every 5 s at most, however many requests come (I6, I13)", async () => {
    const store = countingStore();
    const enforcer = await backedOff(store);
    const [before, looks] = [attempts(), store.gets];
    for (const [seconds, more] of [
      [0.5, 0],
      [4, 0],
      [0.5, 1],
      [4.5, 1],
      [0.5, 2],
    ] as const) {
      clock.now += seconds;
      await Promise.all(Array.from({ length: 20 }, () => verdict(enforcer, fresh())));
      expect(await request(enforcer)).toBe("issuer_unavailable");
      expect([seconds, store.gets - looks]).toEqual([seconds, more]);
    }
    expect(attempts()).toBe(before);
  });

  it("keys that are due are looked for as well, unseen (I5, I6, I13)", async () => {
    const store = countingStore();
    store.kept.set(KEY, storedSet([first], clock.now));
    const enforcer = enforcerOf({ keys: { store } });
    expect(await request(enforcer)).toBe("good");
    everywhere(network, refused);
    clock.now += 7 * HOUR;
    for (const seconds of [1, 2, 4, 8, 16]) {
      expect(await request(enforcer)).toBe("good");
      clock.now += seconds;
    }
    await request(enforcer);
    const [before, looks] = [attempts(), store.gets];
    clock.now += 4.5;
    await request(enforcer);
    expect(store.gets).toBe(looks);
    clock.now += 0.5;
    store.kept.set(KEY, storedSet([first, second], clock.now));
    await request(enforcer);
    expect([attempts(), store.gets]).toEqual([before, looks + 1]);
    expect(enforcer.status()).toMatchObject([{ state: "fresh", keyIds: ["first", "second"] }]);
  });

  it("an unknown kid is looked for in the store, every 5 s at most (I6, I7, I13)", async () => {
    const store = countingStore();
    store.kept.set(KEY, storedSet([first], clock.now));
    const enforcer = enforcerOf({ keys: { store, cooldown: 1 } });
    expect(await request(enforcer)).toBe("good");
    everywhere(network, refused);
    for (const seconds of [1, 2, 4, 8, 16]) {
      expect(await request(enforcer, fresh(second))).toBe("unknown_key");
      clock.now += seconds;
    }
    await request(enforcer, fresh(second));
    const [before, looks] = [attempts(), store.gets];
    clock.now += 4.5;
    store.kept.set(KEY, storedSet([first, second], clock.now));
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    expect(store.gets).toBe(looks);
    clock.now += 0.5;
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect([attempts(), store.gets]).toEqual([before, looks + 1]);
  });

  it("during the cool-down alone it is not (I7, I13)", async () => {
    const store = countingStore();
    const enforcer = enforcerOf({ keys: { store } });
    expect(await request(enforcer)).toBe("good");
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    const looks = store.gets;
    clock.now += 29;
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    expect(store.gets).toBe(looks);
  });
});

describe("a look in back-off that takes its time", () => {
  it("is followed by a fetch for an unknown kid that comes when the back-off is over (I7, I13)", async () => {
    let answer = (): void => {};
    let slow = false;
    const text = storedSet([first], clock.now);
    const get = (): unknown => (slow ? new Promise<void>((resolve) => (answer = resolve)) : text);
    const enforcer = enforcerOf({ keys: { store: { get } } });
    expect(await request(enforcer)).toBe("good");
    const answers = new Map(network.answers);
    everywhere(network, refused);
    clock.now += 7 * HOUR;
    for (const seconds of [1, 2, 4, 6]) {
      await request(enforcer);
      clock.now += seconds;
    }
    slow = true;
    await request(enforcer);
    for (const [url, answered] of answers) network.answers.set(url, answered);
    network.answers.set(`${ISSUER}/keys`, () => Response.json({ keys: [first.jwk, second.jwk] }));
    clock.now += 30;
    const waiting = verdict(enforcer, fresh(second));
    await settled();
    answer();
    expect(await waiting).toBe("good");
  });
});

describe("keys that somebody vouches for", () => {
  it("do not undo the back-off: who has them has not heard of the issuer (I6, I14)", async () => {
    everywhere(network, refused);
    const text = vouched(clock.now - HOUR, clock.now + 10 * DAY);
    const enforcer = enforcerOf({ keys: { store: { get: () => text }, cooldown: 1 } });
    expect(await request(enforcer)).toBe("good");
    const startedAt = clock.now;
    for (; clock.now < startedAt + 600; clock.now += 1) {
      expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    }
    // After 0, 1, 3, 7, 15, 31, 63, 127, 255 and 511 s, and not each second.
    expect(attempts()).toBe(10);
    expect(enforcer.status()).toMatchObject([{ state: "fresh", failures: 10 }]);
  });

  it("that have ended make place for older ones that are usable: better than none (I13, I14, I9)", async () => {
    everywhere(network, refused);
    const store = storeWith(storedSet([second], clock.now - 2 * HOUR));
    let file: string | undefined = vouched(clock.now - HOUR, clock.now + 60);
    const enforcer = enforcerOf({ keys: { store: [{ get: () => file }, store] } });
    expect(await request(enforcer)).toBe("good");
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    clock.now += 60;
    file = undefined;
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh())).toBe("unknown_key");
  });
});

it("a set that is no longer usable is not taken back, however often it is looked at (I5, I13)", async () => {
  const store = storeWith(storedSet([testKey("ES256", "old")], clock.now));
  const enforcer = enforcerOf({ keys: { store } });
  await enforcer.ready();
  everywhere(network, refused);
  clock.now += 2 * DAY;
  expect(await request(enforcer)).toBe("issuer_unavailable");
  clock.now += 5;
  expect(await request(enforcer)).toBe("issuer_unavailable");
  expect(enforcer.status()).toMatchObject([{ state: "expired" }]);
});
