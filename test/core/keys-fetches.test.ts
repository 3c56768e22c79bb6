// How often an issuer is asked for its keys: once at a time, seldom while it fails, once for a new kid. Rules I6, I7.
import type { Enforcer } from "@scitokens/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second, third, YEAR } from "../support/changing-keys.js";
import { heldAfter } from "../support/garbage.js";
import {
  everywhere,
  failureOf,
  goodToken,
  hanging,
  HOUR,
  ISSUER,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  SECOND_METADATA_URL,
  settled,
  verdict,
} from "../support/scripted-issuer.js";

const { network, clock, enforcerOf, started, request, fresh, attempts, fetches } = changingKeysForEachTest();

afterEach(() => vi.restoreAllMocks());

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
    const enforcer = enforcerOf({ issuer: [ISSUER, other] });
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

  it.each([5, YEAR, -5, -30, -YEAR])(
    "is what Retry-After says, though the clock moved by %i s while the issuer was asked (I6)",
    async (seconds) => {
      vi.spyOn(Math, "random").mockReturnValue(0.5);
      everywhere(network, refused);
      network.answers.set(METADATA_URL, (init) => {
        clock.now += seconds;
        return refused(init);
      });
      expect(await failureOf(enforcerOf().verify(fresh()))).toMatchObject({ issuer: ISSUER, retryAfter: 1 });
    },
  );
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
    const { enforcer } = await started({ keys: cooldown === undefined ? {} : { cooldown } });
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
    expect(() => enforcerOf({ keys: { cooldown } })).toThrow(/keys\.cooldown/);
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
    const { enforcer } = await started({ keys: { cooldown: 3600 } });
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
