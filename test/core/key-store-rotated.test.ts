// Stored keys of an issuer that has rotated since: who gave them was not the issuer, so that it is asked. Rules I7, I8, I13.
import { afterEach, describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second, third } from "../support/changing-keys.js";
import { storedSet, storeWith } from "../support/key-stores.js";
import { everywhere, hanging, HOUR, publish, refused, settled, verdict } from "../support/scripted-issuer.js";

const { network, clock, enforcerOf, request, fresh, fetches } = changingKeysForEachTest();

afterEach(() => vi.useRealTimers());

const stored = (age: number, keys = [first]): Map<string, string> => storeWith(storedSet(keys, clock.now - age));
const invented = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => fresh({ ...first, kid: `invented-${at}` }));

describe("the first request after a start with stored keys", () => {
  it.each([
    ["fresh", HOUR],
    ["stale", 7 * HOUR],
  ])("is good with a new key of the issuer, where they are %s (I7, I13)", async (_, age) => {
    publish(network, [second]);
    const enforcer = enforcerOf({ keys: { store: stored(age) } });
    expect(await verdict(enforcer, fresh(second))).toBe("good");
    expect(fetches()).toBe(1);
    expect(await verdict(enforcer, fresh(first))).toBe("unknown_key");
  });

  it("is good for each of 200 that come at once, for one fetch (I6, I7, I13)", async () => {
    publish(network, [second]);
    const enforcer = enforcerOf({ keys: { store: stored(HOUR) } });
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => verdict(enforcer, fresh(second))));
    expect(new Set(outcomes)).toEqual(new Set(["good"]));
    expect(fetches()).toBe(1);
  });

  it("is good where the new key has the old id (I7, I13)", async () => {
    const replaced = { ...second, kid: "first", jwk: { ...second.jwk, kid: "first" } };
    publish(network, [replaced]);
    expect(await verdict(enforcerOf({ keys: { store: stored(HOUR) } }), fresh(replaced))).toBe("good");
    expect(fetches()).toBe(1);
  });

  it("is refused when the issuer does not know the key either, and 401 when it cannot be asked (I7, I13)", async () => {
    publish(network, [second]);
    expect(await verdict(enforcerOf({ keys: { store: stored(HOUR) } }), fresh(third))).toBe("unknown_key");
    everywhere(network, refused);
    expect(await verdict(enforcerOf({ keys: { store: stored(HOUR) } }), fresh(second))).toBe("unknown_key");
  });
});

describe("50 unknown kids", () => {
  it.each([
    ["without a store", (): object => ({}), 2],
    ["with an empty store", (): object => ({ store: new Map<string, string>() }), 2],
    ["with stored keys", (): object => ({ store: stored(HOUR) }), 1],
    ["with stale stored keys", (): object => ({ store: stored(7 * HOUR) }), 2],
    ["with a stored set of no keys", (): object => ({ store: stored(HOUR, []) }), 2],
  ])("%s cost the fetch of the start and one a cool-down (I7)", async (_, keys, most) => {
    const enforcer = enforcerOf({ keys: keys() });
    for (const raw of invented(50)) expect(await request(enforcer, raw)).toBe("unknown_key");
    expect(fetches()).toBe(most);
    clock.now += 30;
    const outcomes = await Promise.all(invented(50).map((raw) => verdict(enforcer, raw)));
    expect(new Set(outcomes)).toEqual(new Set(["unknown_key"]));
    expect(fetches()).toBe(most + 1);
  });

  it("that come first, at once, cost one fetch without a store (I6, I7)", async () => {
    const enforcer = enforcerOf();
    await Promise.all(invented(50).map((raw) => verdict(enforcer, raw)));
    expect(fetches()).toBe(1);
  });
});

it("an unknown kid is asked of the store where the issuer hangs until time is up (I7, I13)", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const store = stored(0);
  const enforcer = enforcerOf({ keys: { store } });
  expect(await verdict(enforcer, fresh())).toBe("good");
  everywhere(network, hanging);
  clock.now += 10;
  store.set([...store.keys()].join(), storedSet([first, second], clock.now));
  const waiting = verdict(enforcer, fresh(second));
  await settled();
  await vi.advanceTimersByTimeAsync(5000);
  expect(await waiting).toBe("good");
});
