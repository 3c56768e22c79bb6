// An issuer's keys from their first fetch to their last day: refreshed, kept, asked for once, gone. Rules I5 to I9.
import { createEnforcer, InvalidTokenError, IssuerUnavailableError } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, KeyOptions } from "@scitokens/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { heldAfter } from "../support/garbage.js";
import {
  AUDIENCE,
  createClock,
  createNetwork,
  DAY,
  everywhere,
  failureOf,
  goodToken,
  hanging,
  HOUR,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  SECOND_METADATA_URL,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import type { Network, TestClock } from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";
import type { TestKey } from "../support/sign.js";

const [first, second, third] = [testKey("ES256", "first"), testKey("ES256", "second"), testKey("ES256", "third")];
const YEAR = 365 * DAY;

let network: Network;
let clock: TestClock;

beforeEach(() => {
  network = createNetwork();
  clock = createClock();
  publish(network, [first]);
});

afterEach(() => vi.restoreAllMocks());

function enforcerOf(keys: KeyOptions = {}, more: Partial<EnforcerOptions> = {}): Enforcer {
  const options = { issuer: ISSUER, audience: AUDIENCE, clock: clock.read, ...more };
  return createEnforcer({ ...options, keys: { fetch: network.fetch, ...keys } });
}

/** An enforcer that has the keys, and a token that it knows. */
async function started(keys: KeyOptions = {}, more: Partial<EnforcerOptions> = {}) {
  const enforcer = enforcerOf(keys, more);
  const token = goodToken(first, clock.now);
  expect(await verdict(enforcer, token)).toBe("good");
  return { enforcer, token };
}

const fetches = (): number => network.asked(JWKS_URL);
const attempts = (): number => network.asked(METADATA_URL);
const fresh = (key: TestKey = first): string => goodToken(key, clock.now, { jti: crypto.randomUUID() });

/** One request, and what it set going in the background. */
async function request(enforcer: Enforcer, raw: string = fresh()): Promise<string> {
  const outcome = await verdict(enforcer, raw);
  await settled();
  return outcome;
}

describe("refresh", () => {
  it.each([
    ["max-age=10", HOUR],
    ["max-age=0", HOUR],
    ["max-age=3599", HOUR],
    ["max-age=3600", HOUR],
    ["max-age=3601", 3601],
    ["max-age=7200", 2 * HOUR],
    ["public, MAX-AGE=7200, must-revalidate", 2 * HOUR],
    ['max-age="7200"', 2 * HOUR],
    ["max-age=21600", 6 * HOUR],
    ["max-age=21601", 6 * HOUR],
    ["max-age=86400", 6 * HOUR],
    ["max-age=99999999999999999999", 6 * HOUR],
    ["s-maxage=7200", 6 * HOUR],
    ["max-age=-1", 6 * HOUR],
    ["max-age=soon", 6 * HOUR],
    ["no-store", 6 * HOUR],
    [undefined, 6 * HOUR],
  ])("with Cache-Control %j, comes after %i s and not before (I5)", async (cacheControl, seconds) => {
    publish(network, [first], cacheControl === undefined ? {} : { headers: { "cache-control": cacheControl } });
    const { enforcer } = await started();
    const startedAt = clock.now;
    clock.now = startedAt + seconds - 0.1;
    await request(enforcer);
    expect([attempts(), fetches()]).toEqual([1, 1]);
    clock.now = startedAt + seconds;
    await request(enforcer);
    expect([attempts(), fetches()]).toEqual([2, 2]);
  });

  it("does not take its rhythm from the metadata's Cache-Control (I5)", async () => {
    const document = { issuer: ISSUER, jwks_uri: JWKS_URL };
    network.answers.set(METADATA_URL, json(document, { "cache-control": "max-age=3600" }));
    const { enforcer } = await started();
    clock.now += 5 * HOUR;
    await request(enforcer);
    expect(fetches()).toBe(1);
  });

  it.each([60, 600, DAY])("comes after refreshAfter: %i, whatever the issuer says (I5)", async (refreshAfter) => {
    publish(network, [first], { headers: { "cache-control": "max-age=7200" } });
    const { enforcer } = await started({ refreshAfter });
    clock.now += refreshAfter - 0.1;
    await request(enforcer);
    expect(fetches()).toBe(1);
    clock.now += 0.1;
    await request(enforcer);
    expect(fetches()).toBe(2);
  });

  it.each([59, DAY + 1, 0, -1, Number.NaN, "600"])("takes no refreshAfter: %j (I5)", (refreshAfter) => {
    expect(() => enforcerOf({ refreshAfter: refreshAfter as number })).toThrow(/keys\.refreshAfter/);
  });

  it("starts the clock anew when it succeeds (I5)", async () => {
    const { enforcer } = await started();
    for (let refresh = 1; refresh <= 4; refresh++) {
      clock.now += 6 * HOUR - 1;
      await request(enforcer);
      expect(fetches()).toBe(refresh);
      clock.now += 1;
      await request(enforcer);
      expect(fetches()).toBe(refresh + 1);
    }
  });

  it("is waited for by no request, known token or new (I5)", async () => {
    const { enforcer, token } = await started();
    everywhere(network, hanging);
    clock.now += 6 * HOUR;
    expect(await verdict(enforcer, token)).toBe("good");
    expect(await verdict(enforcer, fresh())).toBe("good");
    expect(attempts()).toBe(2);
  });

  it("is set going by a token that is in the cache, too (I5)", async () => {
    const { enforcer, token } = await started();
    publish(network, [first, second]);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(enforcer.status()[0]?.keyIds).toEqual(["first", "second"]);
  });

  it.each([2 * HOUR, DAY, YEAR, 50 * YEAR])("comes though the clock was set back by %i s (I5)", async (seconds) => {
    const { enforcer } = await started();
    clock.now -= seconds;
    expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(2);
    expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(2);
  });
});

describe("usable keys", () => {
  it.each([undefined, DAY, 2 * DAY, 4 * DAY])("stay so for usableFor: %j s to the moment (I5)", async (usableFor) => {
    const { enforcer, token } = await started(usableFor === undefined ? {} : { usableFor });
    const fetchedAt = clock.now;
    everywhere(network, refused);
    clock.now = fetchedAt + (usableFor ?? 2 * DAY) - 0.1;
    expect(await request(enforcer, token)).toBe("good");
    expect(await request(enforcer)).toBe("good");
    clock.now += 0.1;
    expect(await request(enforcer, token)).toBe("issuer_unavailable");
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it.each([DAY - 1, 4 * DAY + 1, 0, Number.POSITIVE_INFINITY, "2 days"])(
    "cannot be asked to last for usableFor: %j (I5)",
    (usableFor) => expect(() => enforcerOf({ usableFor: usableFor as number })).toThrow(/keys\.usableFor/),
  );

  it("do not last longer for refreshes that fail (I5)", async () => {
    const { enforcer } = await started();
    everywhere(network, refused);
    for (let hours = 0; hours < 47; hours++) {
      clock.now += HOUR;
      expect(await request(enforcer)).toBe("good");
    }
    clock.now += HOUR;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("last another two days when a refresh succeeds (I5)", async () => {
    const { enforcer } = await started();
    clock.now += DAY;
    await request(enforcer);
    everywhere(network, refused);
    clock.now += 2 * DAY - 1;
    expect(await request(enforcer)).toBe("good");
    clock.now += 1;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("serve again once the issuer is back, however old (I5)", async () => {
    const { enforcer, token } = await started();
    clock.now += 9 * DAY;
    expect(await request(enforcer, token)).toBe("good");
    expect(fetches()).toBe(2);
  });

  it("do not last for years because the clock was once years ahead (I5)", async () => {
    const right = clock.now;
    clock.now = right + YEAR;
    const { enforcer } = await started();
    everywhere(network, refused);
    clock.now = right;
    await request(enforcer);
    clock.now = right + 3 * DAY;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });
});

describe("an issuer that is stopped", () => {
  it.each([
    ["refuses connections", refused],
    ["does not answer", hanging],
    ["answers 500", json({}, {}, 500)],
    ["answers another document", json({ keys: "gone" })],
  ])("and %s delays nobody while its keys are usable (I5)", async (_, answer) => {
    const { enforcer, token } = await started();
    everywhere(network, answer);
    clock.now += DAY;
    expect(await verdict(enforcer, token)).toBe("good");
    expect(await verdict(enforcer, fresh())).toBe("good");
    await settled();
    clock.now += 600;
    expect(await verdict(enforcer, fresh())).toBe("good");
  });

  it("and comes back with new keys is heard again after the back-off (I5, I6)", async () => {
    const { enforcer } = await started();
    everywhere(network, refused);
    clock.now += DAY;
    expect(await request(enforcer)).toBe("good");
    publish(network, [second]);
    clock.now += 2;
    expect(await request(enforcer)).toBe("good");
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, fresh(first))).toBe("unknown_key");
  });
});

describe("single flight", () => {
  it("makes of 200 first requests at once one fetch of metadata and one of keys (I6)", async () => {
    const enforcer = enforcerOf();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => verdict(enforcer, fresh())));
    expect(new Set(outcomes)).toEqual(new Set(["good"]));
    expect(network.requests.map(({ url }) => url)).toEqual([METADATA_URL, JWKS_URL]);
  });

  it("makes of 200 first requests to a stopped issuer one attempt (I6)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => verdict(enforcer, fresh())));
    expect(new Set(outcomes)).toEqual(new Set(["issuer_unavailable"]));
    expect(network.requests.map(({ url }) => url)).toEqual([METADATA_URL, SECOND_METADATA_URL]);
  });

  it("makes of 200 requests with old keys one refresh (I6)", async () => {
    const { enforcer } = await started();
    clock.now += 6 * HOUR;
    await Promise.all(Array.from({ length: 200 }, () => verdict(enforcer, fresh())));
    await settled();
    expect([attempts(), fetches()]).toEqual([2, 2]);
  });

  it("starts no second refresh while the first hangs, however long (I6)", async () => {
    const { enforcer } = await started();
    everywhere(network, hanging);
    for (let hours = 6; hours < 12; hours++) {
      clock.now += HOUR;
      await request(enforcer);
    }
    expect(attempts()).toBe(2);
  });

  it("is each issuer's own: one that hangs does not delay another (I6)", async () => {
    const other = "https://other.example.org";
    publish(network, [second], { issuer: other });
    everywhere(network, hanging);
    const enforcer = enforcerOf({}, { issuer: [ISSUER, other] });
    const waiting = verdict(enforcer, fresh());
    expect(await verdict(enforcer, goodToken(second, clock.now, { iss: other }))).toBe("good");
    enforcer.close();
    await waiting;
  });
});

const DOUBLING = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300];

describe("back-off", () => {
  it("lasts 1, 2, 4 ... 300 s, and nobody is asked meanwhile (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    expect(await request(enforcer)).toBe("issuer_unavailable");
    for (const [index, seconds] of DOUBLING.entries()) {
      const failedAt = clock.now;
      for (const share of [0, 0.5, 0.99]) {
        clock.now = failedAt + seconds * share;
        expect(await request(enforcer)).toBe("issuer_unavailable");
      }
      expect(attempts()).toBe(index + 1);
      clock.now = failedAt + seconds;
      expect(await request(enforcer)).toBe("issuer_unavailable");
      expect(attempts()).toBe(index + 2);
    }
  });

  it.each([
    [0, 0.75],
    [0.999_999, 1.25],
  ])("is jittered by a quarter: a random number of %f makes of 1 s %f s (I6)", async (random, seconds) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    await request(enforcer);
    clock.now += seconds - 0.01;
    await request(enforcer);
    expect(attempts()).toBe(1);
    clock.now += 0.011;
    await request(enforcer);
    expect(attempts()).toBe(2);
  });

  it("never lasts longer than 5 minutes, jitter included (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.999_999);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    for (let failure = 0; failure < 1100; failure++) {
      await verdict(enforcer, fresh());
      clock.now += 300;
    }
    expect(attempts()).toBe(1100);
  });

  it("holds in the background too, while the keys are usable (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { enforcer } = await started();
    everywhere(network, refused);
    clock.now += 6 * HOUR;
    for (let times = 0; times < 50; times++) expect(await request(enforcer)).toBe("good");
    expect(attempts()).toBe(2);
    clock.now += 0.99;
    await request(enforcer);
    expect(attempts()).toBe(2);
    clock.now += 0.01;
    await request(enforcer);
    expect(attempts()).toBe(3);
  });

  it("begins at 1 s again after a success (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    for (const seconds of [1, 2, 4]) {
      await request(enforcer);
      clock.now += seconds;
    }
    publish(network, [first]);
    expect(await request(enforcer)).toBe("good");
    everywhere(network, refused);
    clock.now += 6 * HOUR;
    await request(enforcer);
    expect(enforcer.status()).toMatchObject([{ failures: 1, nextAttemptAt: clock.now + 1 }]);
  });

  it("is not frozen by a clock that is set back by hours or years (I6)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf();
    await request(enforcer);
    for (const seconds of [2 * HOUR, YEAR, 20 * YEAR]) {
      const before = attempts();
      clock.now -= seconds;
      expect(await request(enforcer)).toBe("issuer_unavailable");
      expect(attempts()).toBe(before + 1);
    }
  });

  it("says in Retry-After how long it will be, in whole seconds (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    for (const seconds of [1, 2, 4]) {
      const error = await failureOf(enforcer.verify(fresh()));
      expect(error).toMatchObject({ issuer: ISSUER, retryAfter: seconds });
      clock.now += seconds - 0.25;
      expect(await failureOf(enforcer.verify(fresh()))).toMatchObject({ retryAfter: 1 });
      clock.now += 0.25;
    }
  });
});

describe("an unknown kid", () => {
  const flood = (enforcer: Enforcer): Promise<string[]> =>
    Promise.all(
      Array.from({ length: 200 }, (_, i) => verdict(enforcer, goodToken(second, clock.now, {}, { kid: `no-${i}` }))),
    );

  it("is looked for once: a new key of the issuer is found at once (I7)", async () => {
    const { enforcer } = await started();
    publish(network, [first, second]);
    expect(await verdict(enforcer, fresh(second))).toBe("good");
    expect(fetches()).toBe(2);
  });

  it("is refused when the refresh does not bring it (I7)", async () => {
    const { enforcer } = await started();
    expect(await verdict(enforcer, fresh(second))).toBe("unknown_key");
    expect(fetches()).toBe(2);
  });

  it("costs one fetch a cool-down, were there 200 of them (I7)", async () => {
    const { enforcer, token } = await started();
    for (let round = 1; round <= 3; round++) {
      expect(new Set(await flood(enforcer))).toEqual(new Set(["unknown_key"]));
      expect(new Set(await flood(enforcer))).toEqual(new Set(["unknown_key"]));
      expect([attempts(), fetches()]).toEqual([1 + round, 1 + round]);
      expect(await verdict(enforcer, token)).toBe("good");
      expect(await verdict(enforcer, fresh())).toBe("good");
      clock.now += 30;
    }
  });

  it.each([
    [undefined, 29.9, 30],
    [1, 0.9, 1],
    [3600, 3599.9, 3600],
  ])("with cooldown: %j is not looked for after %f s, and is after %f s (I7)", async (cooldown, before, after) => {
    const { enforcer } = await started(cooldown === undefined ? {} : { cooldown });
    const startedAt = clock.now;
    await request(enforcer, fresh(second));
    expect(fetches()).toBe(2);
    publish(network, [first, third]);
    clock.now = startedAt + before;
    expect(await request(enforcer, fresh(third))).toBe("unknown_key");
    expect(fetches()).toBe(2);
    clock.now = startedAt + after;
    expect(await request(enforcer, fresh(third))).toBe("good");
    expect(fetches()).toBe(3);
  });

  it.each([0, 0.9, 3601, -1])("takes no cooldown: %f (I7)", (cooldown) => {
    expect(() => enforcerOf({ cooldown })).toThrow(/keys\.cooldown/);
  });

  it("delays no good token while the fetch it caused hangs (I7)", async () => {
    const { enforcer, token } = await started();
    everywhere(network, hanging);
    const waiting = flood(enforcer);
    await settled();
    expect(await verdict(enforcer, token)).toBe("good");
    expect(await verdict(enforcer, fresh())).toBe("good");
    expect(attempts()).toBe(2);
    enforcer.close();
    expect(new Set(await waiting)).toEqual(new Set(["unknown_key"]));
  });

  it("joins a refresh that is under way, and starts no other (I7)", async () => {
    const { enforcer, token } = await started();
    publish(network, [first, second]);
    clock.now += 6 * HOUR;
    const [known, unknown] = await Promise.all([verdict(enforcer, token), verdict(enforcer, fresh(second))]);
    expect([known, unknown]).toEqual(["good", "good"]);
    expect(fetches()).toBe(2);
  });

  it("is not looked for twice by the request that fetched the keys (I7)", async () => {
    const enforcer = enforcerOf();
    expect(await verdict(enforcer, fresh(second))).toBe("unknown_key");
    expect(fetches()).toBe(1);
  });

  it("stays a bad token, 401, when the refresh that it caused fails (I7)", async () => {
    const { enforcer, token } = await started();
    everywhere(network, refused);
    expect(await verdict(enforcer, fresh(second))).toBe("unknown_key");
    expect(await verdict(enforcer, token)).toBe("good");
  });

  it("causes no fetch during back-off, nor, when that has passed, before the cool-down has (I7)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { enforcer } = await started();
    everywhere(network, refused);
    const startedAt = clock.now;
    for (const seconds of [0, 0.9, 1, 15, 29.9]) {
      clock.now = startedAt + seconds;
      await request(enforcer, fresh(second));
    }
    expect(attempts()).toBe(2);
  });

  it("causes no fetch during the back-off of a refresh that failed by itself (I7)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const { enforcer, token } = await started();
    everywhere(network, refused);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    clock.now += 0.99;
    expect(await request(enforcer, fresh(second))).toBe("unknown_key");
    expect(attempts()).toBe(2);
    clock.now += 0.01;
    publish(network, [second]);
    expect(await request(enforcer, fresh(second))).toBe("good");
  });

  it("is looked for again though the clock was set back by hours or years (I7)", async () => {
    const { enforcer } = await started({ cooldown: 3600 });
    await request(enforcer, fresh(second));
    for (const seconds of [2 * HOUR, YEAR]) {
      clock.now -= seconds;
      publish(network, [first]);
      await request(enforcer, fresh(first));
      const before = fetches();
      await request(enforcer, fresh(second));
      expect(fetches()).toBe(before + 1);
    }
  });

  it("is not remembered: 5000 of 2 kB each hold no memory (I7)", async () => {
    const { enforcer } = await started();
    const held = await heldAfter(async () => {
      for (let i = 0; i < 5000; i++) {
        const kid = `${i}`.padEnd(2000, "x");
        await verdict(enforcer, signed(goodToken(first, clock.now, { jti: `${i}` }), kid));
      }
    });
    expect(held).toBeLessThan(3_000_000);
    expect(enforcer.status()[0]?.keyIds).toEqual(["first"]);
  });

  /** The same token with another header: its signature is never looked at. */
  const signed = (raw: string, kid: string): string => {
    const [, payload, signature] = raw.split(".");
    return [Buffer.from(JSON.stringify({ alg: "ES256", kid })).toString("base64url"), payload, signature].join(".");
  };
});

describe("a key that is gone", () => {
  it("takes its tokens with it, those in the cache included, and brings them back (I8)", async () => {
    publish(network, [first, second]);
    const { enforcer, token } = await started();
    publish(network, [second]);
    clock.now += 6 * HOUR - 0.1;
    expect(await request(enforcer, token)).toBe("good");
    clock.now += 0.1;
    expect(await request(enforcer, token)).toBe("good");
    expect(await request(enforcer, token)).toBe("unknown_key");
    expect(await request(enforcer, fresh())).toBe("unknown_key");

    publish(network, [first, second]);
    clock.now += 6 * HOUR;
    await request(enforcer, fresh(second));
    expect(await request(enforcer, token)).toBe("good");
  });

  it("takes them after a refresh that an unknown kid forced, too (I8)", async () => {
    const { enforcer, token } = await started();
    publish(network, [second]);
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, token)).toBe("unknown_key");
  });

  it("is gone though another key has its kid now (I8)", async () => {
    const { enforcer, token } = await started();
    const successor = testKey("ES256", "first");
    publish(network, [successor]);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("signature");
    expect(await request(enforcer, fresh(successor))).toBe("good");
  });

  it("is gone though only its use, its alg or its operations changed (I8)", async () => {
    for (const change of [{ use: "enc" }, { alg: "ES384" }, { key_ops: ["sign"] }]) {
      publish(network, [first, second]);
      const { enforcer, token } = await started();
      publish(network, [{ ...first.jwk, ...change }, second]);
      clock.now += 6 * HOUR;
      await request(enforcer, fresh(second));
      expect(await request(enforcer, token)).toBe("unknown_key");
    }
  });

  it("does not take the tokens of the keys that stay: their verdicts need no second verification (I8)", async () => {
    const sub = vi.fn(() => true);
    publish(network, [first, second]);
    const { enforcer } = await started({}, { validators: { sub } });
    const token = goodToken(first, clock.now, { sub: "alice" });
    await request(enforcer, token);
    publish(network, [first, third]);
    clock.now += 6 * HOUR;
    for (let times = 0; times < 3; times++) expect(await request(enforcer, token)).toBe("good");
    expect(enforcer.status()[0]?.keyIds).toEqual(["first", "third"]);
    expect(sub).toHaveBeenCalledTimes(1);
  });

  it("is not gone when a refresh fails (I8)", async () => {
    const { enforcer, token } = await started();
    network.answers.set(JWKS_URL, json({ keys: "none" }));
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("good");
  });

  it("takes every token with it when the set is empty (I8, I9)", async () => {
    const { enforcer, token } = await started();
    publish(network, []);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("unknown_key");
  });
});

describe("without keys", () => {
  it.each([
    ["nobody listens", refused],
    ["all is 404", json({}, {}, 404)],
    ["all is 500", json({}, {}, 500)],
    ["all is HTML", () => new Response("<!doctype html>")],
    ["all is null", json(null)],
  ])("says, when %s, that the issuer is unavailable and not that the token is bad (I9)", async (_, answer) => {
    everywhere(network, answer);
    for (const raw of [fresh(), fresh(second), goodToken(first, clock.now, {}, { kid: undefined })]) {
      const error = await failureOf(enforcerOf().verify(raw));
      expect(error).toBeInstanceOf(IssuerUnavailableError);
      expect(error).toMatchObject({ status: 503, code: "issuer_unavailable", issuer: ISSUER });
      expect((error as IssuerUnavailableError).retryAfter).toBeGreaterThanOrEqual(1);
    }
  });

  it.each([
    ["no keys list", {}],
    ["keys that are no list", { keys: "k1" }],
    ["keys: null", { keys: null }],
  ])("takes %s for no answer: 503 (I9)", async (_, document) => {
    network.answers.set(JWKS_URL, json(document));
    expect(await failureOf(enforcerOf().verify(fresh()))).toMatchObject({ status: 503 });
  });

  it.each([
    ["an empty set", []],
    ["a set of other keys", [second]],
    ["a set of nothing usable", [null, 7, {}, { kty: "oct", kid: "first" }]],
  ])("takes %s for an answer: 401 (I9)", async (_, keys) => {
    publish(network, keys);
    const enforcer = enforcerOf();
    for (const kid of ["first", undefined]) {
      const error = await failureOf(enforcer.verify(goodToken(first, clock.now, {}, { kid, alg: "RS256" })));
      expect(error).toBeInstanceOf(InvalidTokenError);
      expect(error).toMatchObject({ status: 401, reason: "unknown_key" });
    }
  });

  it("judges what needs no key: a token without form is 401 while the issuer is down (I9)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf();
    expect(await verdict(enforcer, "no.token")).toBe("malformed");
    expect(await verdict(enforcer, signToken(first, { iss: "https://unknown.example.org" }))).toBe("untrusted_issuer");
    expect(await verdict(enforcer, goodToken(first, clock.now, {}, { alg: "none" }))).toBe("algorithm");
    expect(network.requests).toEqual([]);
  });
});
