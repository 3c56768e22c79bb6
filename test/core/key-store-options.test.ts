// Which stores are taken, and that two of them are two. Rules I13, I15.
import { describe, expect, expectTypeOf, it } from "vitest";
import type { KeyStore } from "@scitokens/core";
import { createProtection } from "@scitokens/core/http";
import { Keyv } from "keyv";
import { errorOfKeys, NOTHING } from "../support/option-errors.js";
import { storedSet, storeWith } from "../support/key-stores.js";
import { AUDIENCE, createNetwork, ISSUER } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const get = (): undefined => undefined;

describe("keys.store", () => {
  it.each([
    ["a Map", new Map<string, string>()],
    ["Keyv", new Keyv()],
    ["what can only be read", { get }],
    ["a list", [{ get }, new Map<string, string>()]],
    ["undefined", undefined],
  ])("may be %s (I13)", (_, store) => {
    expect(errorOfKeys({ store })).toBe(NOTHING);
  });

  it.each([
    ["null", null],
    ["a text", "/var/cache/keys"],
    ["true", true],
    ["an object without get", { set: get }],
    ["unstorage's shape", { getItem: get, setItem: get }],
    ["one whose get is no function", { get: "x" }],
    ["one whose set is no function", { get, set: "x" }],
    ["a list with one that is none", [{ get }, {}]],
    ["a function", get],
  ])("is not %s (I13)", (_, store) => {
    expect(errorOfKeys({ store })).toMatch(/^keys\.store: expected a store: an object with get\(key\)/);
  });

  it("is not an empty list (I13)", () => {
    expect(errorOfKeys({ store: [] })).toBe("keys.store: expected at least one store");
    expect(errorOfKeys({ stores: [] })).toBe("keys: unknown option 'stores'; did you mean 'store'?");
  });

  it("fits the types of what is made for it (I13)", () => {
    expectTypeOf<Map<string, string>>().toExtend<KeyStore>();
    expectTypeOf<Keyv>().toExtend<KeyStore>();
    expectTypeOf<Keyv<string>>().toExtend<KeyStore>();
  });
});

describe("sharing", () => {
  const key = testKey("ES256", "k1");
  const { fetch } = createNetwork();
  const clock = (): number => 1_800_000_000;
  const enforcerWith = (store: KeyStore | readonly KeyStore[] | undefined): object =>
    createProtection({ issuer: ISSUER, audience: AUDIENCE, clock, keys: { fetch, ...(store && { store }) } }).enforcer;

  it("is for equal options with the same store, alone or in a list (I15)", () => {
    const store = storeWith(storedSet([key], clock()));
    expect(enforcerWith(store)).toBe(enforcerWith(store));
    expect(enforcerWith([store])).toBe(enforcerWith([store]));
  });

  it("is not for two stores, however alike they look (I15)", () => {
    const shared = { get, set: get };
    expect(enforcerWith({ ...shared })).not.toBe(enforcerWith({ ...shared }));
    expect(enforcerWith(new Map<string, string>())).not.toBe(enforcerWith(new Map<string, string>()));
    expect(enforcerWith(new Map<string, string>())).not.toBe(enforcerWith(undefined));
  });

  it("of keys is not for two such stores either: each enforcer looks into its own (I15)", async () => {
    const looked: object[] = [];
    const shared = {
      async get(this: object): Promise<string> {
        looked.push(this);
        return storedSet([key], clock());
      },
    };
    const stores = [{ ...shared }, { ...shared }];
    for (const [at, store] of stores.entries()) {
      const options = { issuer: ISSUER, audience: AUDIENCE, clock, keys: { fetch, store }, maxTokenBytes: 1000 + at };
      await createProtection(options).enforcer.ready();
    }
    expect(looked).toHaveLength(2);
    expect(looked[0]).toBe(stores[0]);
    expect(looked[1]).toBe(stores[1]);
  });

  it("does not look into a store: it may be as large as it likes, and hold itself (I15)", () => {
    const store: KeyStore & { self?: unknown } = { get };
    store.self = store;
    expect(enforcerWith(store)).toBe(enforcerWith(store));
  });
});
