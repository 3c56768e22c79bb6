// Keys that outlive the process: read at start, shared by a fleet, never older than what is known. Rules I5, I7, I8, I13.
import type { SciTokenEvent } from "@scitokens/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second, YEAR } from "../support/changing-keys.js";
import { contentOf, countingStore, KEY, storedSet, storeWith } from "../support/key-stores.js";
import {
  atOnce,
  DAY,
  everywhere,
  hanging,
  HOUR,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const { network, clock, enforcerOf, started, request, fresh, attempts, fetches } = changingKeysForEachTest();

afterEach(() => vi.restoreAllMocks());

describe("a start with stored keys", () => {
  it.each([
    ["fresh", 0],
    ["stale", 7 * HOUR],
    ["nearly too old", 2 * DAY - 0.1],
  ])("waits for no network where they are %s (I13, I5)", async (_, age) => {
    everywhere(network, hanging);
    const enforcer = enforcerOf({ keys: { store: storeWith(storedSet([first], clock.now - age)) } });
    expect(await atOnce(verdict(enforcer, fresh()))).toBe("good");
  });

  it("asks nobody where they are fresh, and refreshes them in the background where they are due (I13, I5)", async () => {
    const store = storeWith(storedSet([first], clock.now - HOUR));
    expect(await request(enforcerOf({ keys: { store } }))).toBe("good");
    expect(network.requests).toEqual([]);
    const stale = storeWith(storedSet([first], clock.now - 7 * HOUR));
    expect(await request(enforcerOf({ keys: { store: stale } }))).toBe("good");
    expect(fetches()).toBe(1);
    expect(contentOf(stale).fetchedAt).toBe(clock.now);
  });

  it("is ready() without the issuer (I13)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf({ keys: { store: storeWith(storedSet([first], clock.now - DAY)) } });
    await enforcer.ready();
    const fetchedAt = clock.now - DAY;
    expect(enforcer.status()).toMatchObject([{ state: "stale", keyIds: ["first"], fetchedAt }]);
  });

  it("lets them go when they are as old as fetched ones may be (I13, I5)", async () => {
    everywhere(network, refused);
    const events: SciTokenEvent[] = [];
    const store = storeWith(storedSet([first], clock.now - 2 * DAY));
    const enforcer = enforcerOf({ keys: { store }, onEvent: (event) => events.push(event) });
    expect(await verdict(enforcer, fresh())).toBe("issuer_unavailable");
    expect(events.map(({ type }) => type)).not.toContain("keys_recalled");
    const inUse = enforcerOf({ keys: { store: storeWith(storedSet([first], clock.now - DAY)) } });
    expect(await request(inUse)).toBe("good");
    clock.now += DAY - 0.1;
    expect(await request(inUse)).toBe("good");
    clock.now += 0.1;
    expect(await request(inUse)).toBe("issuer_unavailable");
  });

  it("makes of 200 first requests one look and no fetch (I13, I6)", async () => {
    const store = countingStore();
    store.kept.set(KEY, storedSet([first], clock.now));
    const enforcer = enforcerOf({ keys: { store } });
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => verdict(enforcer, fresh())));
    expect(new Set(outcomes)).toEqual(new Set(["good"]));
    expect([store.gets, network.requests.length]).toEqual([1, 0]);
  });

  it("with an empty store fetches as ever, and tells it (I13)", async () => {
    const store = new Map<string, string>();
    await started({ keys: { store } });
    expect(fetches()).toBe(1);
    expect(contentOf(store)).toMatchObject({ version: 1, issuer: ISSUER, fetchedAt: clock.now });
  });

  it("asks whether a stored set of no keys is still so, and believes it while nobody answers (I13, I9)", async () => {
    const store = storeWith(storedSet([], clock.now));
    expect(await verdict(enforcerOf({ keys: { store } }), fresh())).toBe("good");
    everywhere(network, refused);
    const alone = enforcerOf({ keys: { store: storeWith(storedSet([], clock.now)) } });
    expect(await verdict(alone, fresh())).toBe("unknown_key");
  });
});

describe("what is stored", () => {
  const leaked = { ...second.privateKey.export({ format: "jwk" }), kid: "leaked", alg: "ES256", use: "sig" };

  it("is the public keys that were accepted, and nothing else that the issuer sent (I13, I10)", async () => {
    const odd = { ...first.jwk, x5c: ["SECRET-CHAIN"], note: "SECRET-NOTE" };
    publish(network, [odd, leaked, { kty: "oct", k: "SECRET-OCT", kid: "o" }]);
    const store = new Map<string, string>();
    await started({ keys: { store } });
    const { jwks } = contentOf(store) as { jwks: { keys: Record<string, unknown>[] } };
    expect(jwks.keys.map((key) => Object.keys(key).toSorted())).toEqual([["alg", "crv", "kid", "kty", "x", "y"]]);
    expect([...store.values()].join()).not.toMatch(/SECRET/);
    expect([...store.values()].join()).not.toContain(leaked.d);
  });

  it("serves another enforcer as well as the issuer's own set, key by key (I13)", async () => {
    const rsa = testKey("RS256", "rsa");
    publish(network, [first, rsa, { ...second.jwk, alg: undefined }]);
    const store = new Map<string, string>();
    const enforcer = enforcerOf({ keys: { store } });
    await enforcer.ready();
    await settled();
    everywhere(network, refused);
    const another = enforcerOf({ keys: { store } });
    for (const key of [first, second, rsa]) expect(await verdict(another, fresh(key))).toBe("good");
    expect(another.status()[0]?.keyIds).toEqual(enforcer.status()[0]?.keyIds);
  });

  it("holds no private key even when somebody puts one there: it is told of, and not taken (I13, I10)", async () => {
    const events: SciTokenEvent[] = [];
    const store = storeWith(storedSet([first, leaked], clock.now));
    const enforcer = enforcerOf({ keys: { store }, onEvent: (event) => events.push(event) });
    expect(await verdict(enforcer, fresh())).toBe("good");
    everywhere(network, refused);
    expect(await verdict(enforcer, fresh({ ...second, kid: "leaked" }))).toBe("unknown_key");
    expect(events).toContainEqual({ type: "private_key_published", issuer: ISSUER, keyIds: ["leaked"] });
    expect(JSON.stringify(events)).not.toContain(leaked.d);
  });

  it("is named by issuer and address, so that no issuer can name itself into another's keys (I13, I11)", async () => {
    const names = async (issuer: object): Promise<readonly string[]> => {
      const store = new Map<string, string>();
      const keys = { fetch: async () => Response.json({ keys: [], issuer: ISSUER, jwks_uri: JWKS_URL }), store };
      await enforcerOf({ issuer: { issuer: ISSUER, ...issuer }, keys }).ready();
      await settled();
      return [...store.keys()];
    };
    expect(await names({})).toEqual([`["${ISSUER}",null]`]);
    expect(await names({ jwksUri: JWKS_URL })).toEqual([`["${ISSUER}","${JWKS_URL}"]`]);
    // Its keys may have come by http: a stricter configuration must not find them (I2).
    expect(await names({ allowInsecureIssuer: true })).toEqual([`["${ISSUER}",null,"http"]`]);
    expect(await names({ allowInsecureIssuer: true, jwksUri: JWKS_URL })).toEqual([`["${ISSUER}","${JWKS_URL}"]`]);
  });

  it("is kept for four days, as long as any configuration may use it (I13)", async () => {
    const set = vi.fn();
    await started({ keys: { store: { get: () => undefined, set } } });
    expect(set).toHaveBeenCalledExactlyOnceWith(KEY, expect.any(String), 4 * DAY * 1000);
  });
});

describe("a fleet", () => {
  it("fetches once: whoever is due first looks what another has stored (I13, I6)", async () => {
    const store = new Map<string, string>();
    const fleet = Array.from({ length: 5 }, () => enforcerOf({ keys: { store } }));
    for (const enforcer of fleet) expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(1);
    for (let day = 0; day < 3; day++) {
      clock.now += 7 * HOUR;
      for (const enforcer of fleet) expect(await request(enforcer)).toBe("good");
      expect(fetches()).toBe(2 + day);
    }
    for (const enforcer of fleet) expect(enforcer.status()).toMatchObject([{ state: "fresh", fetchedAt: clock.now }]);
  });

  it("does not come all at once: keys of another process are due a little later, at random (I13)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { enforcer } = await started({ keys: { store: storeWith(storedSet([first], clock.now)) } });
    expect(enforcer.status()).toMatchObject([{ refreshAt: clock.now + 6 * HOUR + 30 }]);
    const quick = enforcerOf({ keys: { refreshAfter: 60, store: storeWith(storedSet([first], clock.now)) } });
    await request(quick);
    expect(quick.status()).toMatchObject([{ refreshAt: clock.now + 60 + 1.5 }]);
  });

  it("takes the rhythm of each configuration, and of the issuer where it says none (I13, I5)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const refreshAt = async (keys: object, changes: object = {}): Promise<number | undefined> => {
      const enforcer = enforcerOf({ keys: { ...keys, store: storeWith(storedSet([first], clock.now - 10, changes)) } });
      await request(enforcer);
      return (enforcer.status()[0]?.refreshAt ?? 0) - clock.now + 10;
    };
    expect(await refreshAt({})).toBe(6 * HOUR);
    expect(await refreshAt({}, { maxAge: 7200 })).toBe(2 * HOUR);
    expect(await refreshAt({}, { maxAge: 1 })).toBe(HOUR);
    expect(await refreshAt({}, { maxAge: 1e12 })).toBe(6 * HOUR);
    expect(await refreshAt({ refreshAfter: 600 }, { maxAge: 7200 })).toBe(600);
  });

  it.each([
    [DAY, "issuer_unavailable"],
    [4 * DAY, "good"],
  ])("uses stored keys for the usableFor: %i s of each configuration (I13, I5)", async (usableFor, expected) => {
    everywhere(network, refused);
    const store = storeWith(storedSet([first], clock.now - 3 * DAY));
    expect(await request(enforcerOf({ keys: { usableFor, store } }))).toBe(expected);
  });
});

describe("a set of another process", () => {
  it("ends the back-off, as one of the issuer's own does (I6, I13)", async () => {
    const store = storeWith(storedSet([first], clock.now - 7 * HOUR));
    everywhere(network, refused);
    const enforcer = enforcerOf({ keys: { store } });
    await request(enforcer);
    expect(enforcer.status()).toMatchObject([{ state: "stale", failures: 1 }]);
    clock.now += 10;
    store.set(KEY, storedSet([first], clock.now));
    await request(enforcer);
    expect(enforcer.status()).toMatchObject([{ state: "fresh", failures: 0, nextAttemptAt: undefined }]);
  });
});

describe("a newer set", () => {
  it("of another process takes the tokens of a key that is gone with it, those in the cache included (I8)", async () => {
    const store = storeWith(storedSet([first, second], clock.now));
    const { enforcer, token } = await started({ keys: { store } });
    clock.now += 7 * HOUR;
    store.set(KEY, storedSet([second], clock.now - 60));
    everywhere(network, refused);
    await request(enforcer, fresh(second));
    expect(await request(enforcer, token)).toBe("unknown_key");
    expect(await request(enforcer, fresh())).toBe("unknown_key");
    expect(enforcer.status()).toMatchObject([{ state: "fresh", keyIds: ["second"] }]);
  });

  it("keeps the verdicts of the keys that stay (I8)", async () => {
    const sub = vi.fn(() => true);
    const store = storeWith(storedSet([first], clock.now));
    const { enforcer } = await started({ keys: { store }, validators: { jti: sub } });
    const token = fresh();
    await request(enforcer, token);
    clock.now += 7 * HOUR;
    store.set(KEY, storedSet([first, second], clock.now));
    for (let times = 0; times < 3; times++) expect(await request(enforcer, token)).toBe("good");
    expect(enforcer.status()[0]?.keyIds).toEqual(["first", "second"]);
    expect(sub).toHaveBeenCalledTimes(1);
  });

  it("is never replaced by an older one (I8)", async () => {
    const store = storeWith(storedSet([second], clock.now));
    const enforcer = enforcerOf({ keys: { store } });
    expect(await request(enforcer, fresh(second))).toBe("good");
    everywhere(network, refused);
    store.set(KEY, storedSet([first, second], clock.now - 1));
    clock.now += 7 * HOUR;
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh(first))).toBe("unknown_key");
    expect(enforcer.status()).toMatchObject([{ state: "stale", keyIds: ["second"] }]);
  });

  it.each([0, 1])("is the one that counts of several stores, whichever comes first: %i (I13, I8)", async (at) => {
    const older = storeWith(storedSet([first, second], clock.now - 2));
    const newer = storeWith(storedSet([second], clock.now - 1));
    const enforcer = enforcerOf({ keys: { store: at === 0 ? [newer, older] : [older, newer] } });
    everywhere(network, refused);
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh(first))).toBe("unknown_key");
  });

  it("is told to every store that can be written to (I13)", async () => {
    const [one, another] = [new Map<string, string>(), new Map<string, string>()];
    await started({ keys: { store: [{ get: () => undefined }, one, another] } });
    expect(contentOf(one).fetchedAt).toBe(clock.now);
    expect([...another]).toEqual([...one]);
  });
});

describe("an unknown kid", () => {
  it("is asked of the issuer itself, not of the store (I7, I13)", async () => {
    const store = countingStore();
    store.kept.set(KEY, storedSet([first], clock.now));
    const { enforcer } = await started({ keys: { store } });
    publish(network, [first, second]);
    clock.now += 10;
    store.kept.set(KEY, storedSet([first], clock.now));
    expect(await verdict(enforcer, fresh(second))).toBe("good");
    expect([fetches(), store.gets]).toEqual([1, 1]);
    await settled();
    expect(contentOf(store.kept)["jwks"]).toMatchObject({ keys: [{ kid: "first" }, { kid: "second" }] });
  });

  it("is asked of the store where the issuer does not answer (I7, I13)", async () => {
    const store = storeWith(storedSet([first], clock.now));
    const { enforcer } = await started({ keys: { store } });
    everywhere(network, refused);
    clock.now += 10;
    store.set(KEY, storedSet([first, second], clock.now));
    expect(await verdict(enforcer, fresh(second))).toBe("good");
    expect(enforcer.status()).toMatchObject([{ keyIds: ["first", "second"] }]);
  });

  it("that comes while a due refresh looks into the store still gets the issuer's word (I7, I13)", async () => {
    const store = storeWith(storedSet([first], clock.now));
    const { enforcer } = await started({ keys: { store } });
    publish(network, [first, second]);
    clock.now += 7 * HOUR;
    store.set(KEY, storedSet([first], clock.now));
    expect(await verdict(enforcer, fresh(second))).toBe("good");
  });

  it("costs no more than without a store: one fetch in a cool-down (I7)", async () => {
    const { enforcer } = await started({ keys: { store: new Map<string, string>() } });
    for (let times = 0; times < 5; times++) {
      expect(await request(enforcer, fresh({ ...first, kid: `invented-${times}` }))).toBe("unknown_key");
    }
    expect(attempts()).toBe(2);
  });
});

describe("a clock", () => {
  it("of another machine may be a minute ahead, and no more (I13)", async () => {
    everywhere(network, refused);
    for (const [ahead, expected] of [
      [60, "good"],
      [61, "issuer_unavailable"],
      [YEAR, "issuer_unavailable"],
    ] as const) {
      const enforcer = enforcerOf({ keys: { store: storeWith(storedSet([first], clock.now + ahead)) } });
      expect(await request(enforcer)).toBe(expected);
    }
  });

  it("that is a little ahead lets keys live as much longer, and no more (I13, I5)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf({ keys: { store: storeWith(storedSet([first], clock.now + 60)) } });
    await request(enforcer);
    expect(enforcer.status()).toMatchObject([{ fetchedAt: clock.now }]);
    clock.now += 2 * DAY + 60;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("that was ahead does not make keys of that time the youngest for ever (I13, I8)", async () => {
    const right = clock.now;
    clock.now = right + YEAR;
    const store = new Map<string, string>();
    const { enforcer } = await started({ keys: { store } });
    clock.now = right;
    everywhere(network, refused);
    expect(await request(enforcer)).toBe("good");
    clock.now = right + 61;
    store.set(KEY, storedSet([second], clock.now));
    await request(enforcer);
    expect(enforcer.status()).toMatchObject([{ state: "fresh", keyIds: ["second"] }]);
  });

  it.each([DAY, YEAR])(
    "that is set back by %i s has keys fetched anew, and stored with the new time (I13)",
    async (back) => {
      const store = storeWith(storedSet([first], clock.now));
      const { enforcer, token } = await started({ keys: { store } });
      clock.now -= back;
      expect(await request(enforcer, fresh())).toBe("good");
      expect(await request(enforcer, token)).not.toBe("issuer_unavailable");
      expect(fetches()).toBe(1);
      expect(contentOf(store).fetchedAt).toBe(clock.now);
    },
  );
});

describe("events and the end", () => {
  it("says what was taken from outside, and what is gone by it (I13, I8)", async () => {
    const events: SciTokenEvent[] = [];
    const store = storeWith(storedSet([first, second], clock.now));
    const { enforcer } = await started({ keys: { store }, onEvent: (event) => events.push(event) });
    const before = clock.now;
    clock.now += 7 * HOUR;
    store.set(KEY, storedSet([second], clock.now));
    await request(enforcer, fresh(second));
    expect(events).toEqual([
      { type: "keys_recalled", issuer: ISSUER, keys: 2, removed: [], fetchedAt: before },
      { type: "keys_recalled", issuer: ISSUER, keys: 1, removed: ["first"], fetchedAt: clock.now },
    ]);
  });

  it("several issuers each have their own (I12, I13)", async () => {
    const other = "https://other.example.org";
    const store = storeWith(storedSet([first], clock.now));
    publish(network, [second], { issuer: other });
    const enforcer = enforcerOf({ issuer: [ISSUER, other], keys: { store } });
    await enforcer.ready();
    await settled();
    expect(network.asked(METADATA_URL)).toBe(0);
    expect([...store.keys()]).toEqual([KEY, JSON.stringify([other, null])]);
    expect(enforcer.status().map(({ keyIds }) => keyIds)).toEqual([["first"], ["second"]]);
  });

  it("a failed fetch stores nothing (I13)", async () => {
    const store = new Map<string, string>();
    network.answers.set(JWKS_URL, json({ keys: "none" }));
    expect(await request(enforcerOf({ keys: { store } }))).toBe("issuer_unavailable");
    expect(store.size).toBe(0);
  });

  it("close() lets go of a look that is under way, and asks nobody (I13)", async () => {
    const events: SciTokenEvent[] = [];
    const store = { get: () => new Promise(() => {}) };
    const enforcer = enforcerOf({ keys: { store }, onEvent: (event) => events.push(event) });
    const waiting = verdict(enforcer, fresh());
    await settled();
    enforcer.close();
    expect(await atOnce(waiting)).toBe("issuer_unavailable");
    expect([network.requests, events.filter(({ type }) => type !== "refused")]).toEqual([[], []]);
  });

  it("close() takes nothing more from a store that has answered while another is waited for (I13)", async () => {
    const events: SciTokenEvent[] = [];
    const store = [storeWith(storedSet([first], clock.now)), { get: () => new Promise(() => {}) }];
    const enforcer = enforcerOf({ keys: { store }, onEvent: (event) => events.push(event) });
    const waiting = verdict(enforcer, fresh());
    await settled();
    enforcer.close();
    expect(await atOnce(waiting)).toBe("issuer_unavailable");
    expect(enforcer.status()).toMatchObject([{ state: "none", keyIds: [] }]);
    expect(events.filter(({ type }) => type !== "refused")).toEqual([]);
  });

  it("close() while an unknown kid is asked of the issuer is not followed by a look (I7, I13)", async () => {
    const store = countingStore();
    const enforcer = enforcerOf({ keys: { store } });
    everywhere(network, refused);
    await request(enforcer);
    store.kept.set(KEY, storedSet([first], clock.now - 7 * HOUR));
    clock.now += 5;
    expect(await request(enforcer)).toBe("good");
    everywhere(network, hanging);
    clock.now += 30;
    const waiting = verdict(enforcer, fresh(second));
    await settled();
    const looks = store.gets;
    enforcer.close();
    await waiting;
    expect(store.gets).toBe(looks);
  });

  it("close() is the end: a request that was under way sets no fetch going (I13)", async () => {
    const store = storeWith(storedSet([first], clock.now));
    const onEvent = ({ type }: SciTokenEvent): void => {
      if (type === "keys_recalled") enforcer.close();
    };
    const enforcer = enforcerOf({ keys: { store }, onEvent });
    expect(await verdict(enforcer, fresh(second))).toBe("unknown_key");
    await settled();
    expect(network.requests).toEqual([]);
  });
});
