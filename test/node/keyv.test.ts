// Stores in Keyv's shape: a Map, Keyv, and Keyv on a Redis that is stopped and started in the middle. Rules I5, I13.
import KeyvRedis from "@keyv/redis";
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, KeyStore, SciTokenEvent } from "@scitokens/core";
import { Keyv } from "keyv";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { KEY, storedSet } from "../support/key-stores.js";
import {
  AUDIENCE,
  createNetwork,
  everywhere,
  goodToken,
  ISSUER,
  JWKS_URL,
  publish,
  refused,
  verdict,
} from "../support/scripted-issuer.js";
import type { Network } from "../support/scripted-issuer.js";
import { redisIsHere, startRedis, until } from "../support/redis.js";
import type { Redis } from "../support/redis.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const another = testKey("ES256", "k2");

let network: Network;
let ahead = 0;
let events: SciTokenEvent[] = [];
beforeEach(() => {
  network = createNetwork();
  publish(network, [key]);
  [ahead, events] = [0, []];
});

const now = (): number => Date.now() / 1000 + ahead;
const token = (by = key): string => goodToken(by, now(), { jti: crypto.randomUUID() });

function enforcerOn(store: KeyStore): Enforcer {
  const keys = { fetch: network.fetch, store };
  return createEnforcer({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys,
    clock: now,
    onEvent: (event) => events.push(event),
  });
}

describe.each([
  ["a Map", (): KeyStore => new Map<string, string>()],
  ["Keyv", (): KeyStore => new Keyv()],
  ["Keyv with a name space", (): KeyStore => new Keyv({ namespace: "scitokens" })],
])("%s", (_, make) => {
  it("hands the keys of one process to the next, without the issuer (I13)", async () => {
    const store = make();
    expect(await verdict(enforcerOn(store), token())).toBe("good");
    await until(async () => (await store.get(KEY)) !== undefined);
    everywhere(network, refused);
    expect(await verdict(enforcerOn(store), token())).toBe("good");
    expect(events.map(({ type }) => type)).toEqual(["keys_fetched", "keys_recalled"]);
    await store.delete?.(KEY);
    expect(await verdict(enforcerOn(store), token())).toBe("issuer_unavailable");
  });
});

function keyvOn(redis: Redis): Keyv {
  const keyv = new Keyv(new KeyvRedis(redis.url));
  keyv.on("error", () => {}); // as Keyv's users do: it says there what we are not told
  onTestFinished(() => keyv.disconnect().catch(() => {}));
  return keyv;
}

describe.skipIf(!redisIsHere)("Keyv on Redis [skipped where Debian's redis-server is missing]", () => {
  it("hands the keys of one process to the next, and lets them end after four days (I13)", async () => {
    const redis = await startRedis();
    const store = keyvOn(redis);
    expect(await verdict(enforcerOn(store), token())).toBe("good");
    await until(async () => (await store.get(KEY)) !== undefined);
    everywhere(network, refused);
    expect(await verdict(enforcerOn(keyvOn(redis)), token())).toBe("good");
    const raw = await store.getRaw<string>(KEY);
    expect(((raw?.expires ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(4, 1);
  });

  it("that stops and starts again in the middle costs no request its answer (I13, I5)", async () => {
    const redis = await startRedis();
    const store = keyvOn(redis);
    const enforcer = enforcerOn(store);
    expect(await verdict(enforcer, token())).toBe("good");
    await until(async () => (await store.get(KEY)) !== undefined);

    await redis.stop();
    const slowest = { milliseconds: 0 };
    const request = async (asked: Enforcer, by = key): Promise<string> => {
      const started = performance.now();
      const outcome = await verdict(asked, token(by));
      slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - started);
      return outcome;
    };
    for (let times = 0; times < 5; times++) {
      ahead += 7 * 3600; // a refresh is due each time
      expect(await request(enforcer)).toBe("good");
    }
    await until(() => network.asked(JWKS_URL) > 1);
    expect(slowest.milliseconds).toBeLessThan(500); // usable keys are at hand: nobody waits for Redis
    expect(await request(enforcerOn(keyvOn(redis)))).toBe("good"); // a process that starts meanwhile
    expect(slowest.milliseconds).toBeLessThan(3000);

    await redis.start();
    publish(network, [another]);
    ahead += 7 * 3600;
    await request(enforcer);
    await until(async () => String(await store.get(KEY)).includes('"k2"'));
    everywhere(network, refused);
    expect(await request(enforcerOn(keyvOn(redis)), another)).toBe("good");
  });

  it("with rubbish in it is a warning (I13)", async () => {
    const redis = await startRedis();
    const store = keyvOn(redis);
    for (const rubbish of ["rubbish", { an: "object" }, 42, storedSet([key], "yesterday")]) {
      await store.set(KEY, rubbish);
      events = [];
      expect(await verdict(enforcerOn(store), token())).toBe("good");
      expect(events[0]).toMatchObject({ type: "key_store_failed", fault: "content" });
    }
  });
});
