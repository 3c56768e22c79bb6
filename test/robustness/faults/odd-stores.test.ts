// Stores of keys that answer twice, late, or break as a whole while they are in use. Rules I13, I6.
import type { SciTokenEvent } from "@scitokens/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second, YEAR } from "../../support/changing-keys.js";
import { storedSet } from "../../support/key-stores.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { DAY, everywhere, HOUR, refused, settled, verdict } from "../../support/scripted-issuer.js";
import { wrong } from "../../support/wrong.js";

nothingIsLeftAlone();
afterEach(() => void vi.useRealTimers());
const { network, clock, enforcerOf, request, fresh, fetches } = changingKeysForEachTest();

/** What is like a promise, and does this with its two functions. */
const like = (settle: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void): unknown =>
  // oxlint-disable-next-line unicorn/no-thenable -- what looks like a promise is the point
  wrong({ then: settle });

const TWICE: Readonly<Record<string, (value: () => unknown) => unknown>> = {
  "answers twice": (value) =>
    like((resolve) => {
      resolve(value());
      resolve("rubbish");
    }),
  "answers, and then fails": (value) =>
    like((resolve, reject) => {
      resolve(value());
      reject(new Error("and yet"));
    }),
  "answers, and then throws": (value) =>
    like((resolve) => {
      resolve(value());
      throw new Error("and yet");
    }),
  "answers by a promise of a promise of one": (value) =>
    like((resolve) => resolve(like((again) => again(Promise.resolve(value()))))),
};

describe("a store that", () => {
  it.each(Object.entries(TWICE))("%s is taken at its first word (I13)", async (_, answer) => {
    everywhere(network, refused);
    const events: SciTokenEvent[] = [];
    const get = (): unknown => answer(() => storedSet([first], clock.now));
    const set = (): unknown => answer(() => undefined);
    const enforcer = enforcerOf({ keys: { store: { get, set } }, onEvent: (event) => events.push(event) });
    expect(await request(enforcer)).toBe("good");
    expect(events.map(({ type }) => type)).toEqual(["keys_recalled"]);
  });

  it("answers late is not heard then, and is in use again at once (I13)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    everywhere(network, refused);
    const ends: ((value: string) => void)[] = [];
    const get = vi.fn(() => new Promise<string>((resolve) => ends.push(resolve)));
    const enforcer = enforcerOf({ keys: { store: { get } } });
    const waiting = verdict(enforcer, fresh());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toBe("issuer_unavailable");
    ends[0]?.(storedSet([first], clock.now));
    await settled();
    expect(enforcer.status()).toMatchObject([{ state: "none" }]);
    clock.now += 5;
    const again = verdict(enforcer, fresh());
    await settled();
    ends[1]?.(storedSet([first], clock.now));
    expect(await again).toBe("good");
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("was asked in vain by a clock that was years ahead is asked again when that is right (I13)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    everywhere(network, refused);
    const answers: unknown[] = [new Promise(() => {})];
    const get = vi.fn(() => (answers.length > 0 ? answers.shift() : storedSet([first], clock.now)));
    const enforcer = enforcerOf({ keys: { store: { get } } });
    clock.now += YEAR;
    const waiting = verdict(enforcer, fresh());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toBe("issuer_unavailable");
    clock.now -= YEAR;
    expect(await verdict(enforcer, fresh())).toBe("good");
    expect(get).toHaveBeenCalledTimes(2);
  });

  it("answers late does not bring back a key that is gone since (I8, I13)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const ends: ((value: string) => void)[] = [];
    const get = (): Promise<string> => new Promise((resolve) => ends.push(resolve));
    const enforcer = enforcerOf({ keys: { store: { get } } });
    network.answers.set("https://issuer.example.org/keys", () => Response.json({ keys: [second.jwk] }));
    const waiting = verdict(enforcer, fresh(second));
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toBe("good");
    for (const end of ends) end(storedSet([first], clock.now));
    await settled();
    expect(await verdict(enforcer, fresh(first))).toBe("unknown_key");
    expect(await verdict(enforcer, fresh(second))).toBe("good");
  });

  it.each(["get", "set"] as const)(
    "has a %s that cannot even be read any more costs no request anything (I13, I6)",
    async (name) => {
      let broken = false;
      const store = new Map<string, string>();
      const breaking = new Proxy(store, {
        get(of, member) {
          if (broken && member === name) throw new Error("the connection is gone");
          return Reflect.get(of, member).bind(of) as unknown;
        },
      });
      const events: SciTokenEvent[] = [];
      const enforcer = enforcerOf({ keys: { store: breaking }, onEvent: (event) => events.push(event) });
      expect(await request(enforcer)).toBe("good");
      broken = true;
      for (let times = 0; times < 3; times++) {
        clock.now += 7 * HOUR;
        expect(await request(enforcer)).toBe("good");
      }
      expect(fetches()).toBe(4);
      const told = events.filter(({ type }) => type !== "keys_fetched");
      expect(told).toMatchObject([{ type: "key_store_failed", message: "the connection is gone" }]);
      expect(enforcer.status()).toMatchObject([{ state: "fresh", failures: 0 }]);
      clock.now += 2 * DAY - 1;
      expect(await request(enforcer)).toBe("good");
    },
  );
});
