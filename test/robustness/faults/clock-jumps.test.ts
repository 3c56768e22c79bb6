// A clock that is set back and forth, by minutes and by years, or says nothing: when it is right again, all is. Rules C2, C4, I5 to I8.
import { IssuerUnavailableError } from "@scitokens/core";
import { describe, expect, it } from "vitest";
import { changingKeysForEachTest, first, second } from "../../support/changing-keys.js";
import { JUMPS, USABLE_FOR } from "./misbehaving.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import {
  DAY,
  everywhere,
  failureOf,
  goodToken,
  JWKS_URL,
  publish,
  refused,
  verdict,
} from "../../support/scripted-issuer.js";

nothingIsLeftAlone();
const { network, clock, enforcerOf, started, request, fresh, fetches } = changingKeysForEachTest();

describe.each(JUMPS)("a clock that jumps by %d s and comes back", (jump) => {
  it("refuses no good token then, and takes none that has expired (C2, C3, V2)", async () => {
    const { enforcer, token } = await started();
    const brief = goodToken(first, clock.now, { exp: clock.now + 600 });
    expect(await verdict(enforcer, brief)).toBe("good");
    clock.now += jump;
    for (const raw of [token, brief, fresh()]) await request(enforcer, raw);
    expect(await verdict(enforcer, brief)).not.toBe(jump >= 600 ? "good" : "expired");
    clock.now -= jump;
    for (const raw of [token, brief, fresh()]) await request(enforcer, raw); // a refresh may be due, in the background
    for (const raw of [token, brief, fresh()]) expect(await request(enforcer, raw)).toBe("good");
    clock.now += 600;
    expect(await request(enforcer, brief)).toBe("expired");
  });

  it("leaves keys that are as old as they are, and no older (I5)", async () => {
    const { enforcer } = await started();
    clock.now += jump;
    await request(enforcer);
    clock.now -= jump;
    await request(enforcer);
    everywhere(network, refused);
    const [status] = enforcer.status();
    expect(status?.usableUntil).toBeLessThanOrEqual(clock.now + USABLE_FOR + 60);
    expect(status?.refreshAt).toBeLessThanOrEqual(clock.now + 21_600 + 60);
    clock.now += DAY;
    expect(await request(enforcer)).toBe("good");
    clock.now += DAY + 61;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("leaves no keys that live for years where the issuer has gone meanwhile (I5)", async () => {
    const { enforcer } = await started();
    clock.now += jump;
    for (let times = 0; times < 2; times++) await request(enforcer); // fetched by that clock, where they are due
    everywhere(network, refused);
    clock.now -= jump;
    const then = await request(enforcer);
    // Keys of a time that seems to be days ago are not used: nobody knows which clock was right.
    expect(then).toBe(jump > -USABLE_FOR ? "good" : "issuer_unavailable");
    expect(enforcer.status()[0]?.usableUntil).toBeLessThanOrEqual(clock.now + USABLE_FOR + 60);
    clock.now += USABLE_FOR + 61;
    expect(await request(enforcer)).toBe("issuer_unavailable");
  });

  it("leaves no back-off and no cool-down behind that lasts (I6, I7)", async () => {
    const { enforcer } = await started();
    clock.now += jump;
    everywhere(network, refused);
    for (let times = 0; times < 10; times++) {
      await request(enforcer, fresh(second)); // an unknown kid: a forced refresh, that fails
      clock.now += 301;
      await request(enforcer);
    }
    publish(network, [second]);
    clock.now -= jump + 10 * 301;
    await request(enforcer, fresh(second));
    clock.now += 361; // the longest back-off, and what two clocks may differ by
    await request(enforcer, fresh(second));
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(enforcer.status()).toMatchObject([{ failures: 0, state: "fresh" }]);
  });

  it("and jumps while keys are fetched, and while they cannot be, is told of no wait for years (I6, I9)", async () => {
    const right = clock.now;
    const enforcer = enforcerOf();
    everywhere(network, () => {
      clock.now = right + jump;
      return refused({});
    });
    const failure = await failureOf(enforcer.verify(fresh()));
    expect(failure).toBeInstanceOf(IssuerUnavailableError);
    expect((failure as IssuerUnavailableError).retryAfter).toBeLessThanOrEqual(2);
    clock.now = right;
    const again = await failureOf(enforcer.verify(fresh()));
    expect((again as IssuerUnavailableError).retryAfter).toBeLessThanOrEqual(62);
    publish(network, [first]);
    const { answers } = network;
    const keys = answers.get(JWKS_URL);
    answers.set(JWKS_URL, (init) => {
      clock.now = right + jump;
      return keys?.(init) ?? new Response();
    });
    clock.now = right + 62;
    await request(enforcer);
    publish(network, [first]);
    clock.now = right + 124;
    await request(enforcer);
    expect(await request(enforcer)).toBe("good");
    expect(enforcer.status()[0]?.usableUntil).toBeLessThanOrEqual(clock.now + USABLE_FOR + 62);
  });
});

describe("a clock that says nothing", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined, "1800000000"])(
    "is an error of the program while it says %s, and leaves nothing behind (C4)",
    async (says) => {
      let broken = false;
      const enforcer = enforcerOf({ clock: () => (broken ? (says as number) : clock.now) });
      const raw = fresh();
      expect(await request(enforcer, raw)).toBe("good");
      broken = true;
      for (const token of [raw, fresh()]) await expect(enforcer.verify(token)).rejects.toThrow(/^clock: expected/);
      expect(() => enforcer.status()).toThrow(/^clock: expected/);
      broken = false;
      const before = enforcer.status();
      for (const token of [raw, fresh()]) expect(await request(enforcer, token)).toBe("good");
      expect(enforcer.status()).toEqual(before);
      expect(fetches()).toBe(1);
    },
  );
});

it("a clock that goes back again and again costs one fetch each time, and gives no key another day (I5, I6)", async () => {
  const { enforcer } = await started();
  for (let times = 1; times <= 10; times++) {
    clock.now -= 61;
    for (let more = 0; more < 3; more++) expect(await request(enforcer)).toBe("good");
    expect(fetches()).toBe(1 + times);
  }
  everywhere(network, refused);
  const until = enforcer.status()[0]?.usableUntil ?? 0;
  for (let times = 1; times <= 10; times++) {
    clock.now -= 61;
    await request(enforcer);
  }
  expect(enforcer.status()[0]?.usableUntil).toBeLessThanOrEqual(until);
});
