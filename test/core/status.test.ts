// How the keys stand, getting them before the first request, and the end. Rules I5, I6, I9 as an operator sees them.
import { IssuerUnavailableError } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  DAY,
  everywhere,
  failureOf,
  goodToken,
  hanging,
  HOUR,
  ISSUER,
  JWKS_URL,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const another = testKey("ES256", "k2");
const OTHER = "https://other.example.org";

const { network, clock, enforcerOf } = issuerForEachTest(key, another);

afterEach(() => vi.restoreAllMocks());

const NEVER_FETCHED = { fetchedAt: undefined, refreshAt: undefined, usableUntil: undefined };
const NO_FAILURE = { failures: 0, lastError: undefined, nextAttemptAt: undefined };

describe("status()", () => {
  it("of keys that nobody needed yet is none, and asks nobody (I5)", () => {
    expect(enforcerOf().status()).toEqual([
      { issuer: ISSUER, state: "none", keyIds: [], ...NEVER_FETCHED, ...NO_FAILURE, mode: "enforce" },
    ]);
    expect(network.requests).toEqual([]);
  });

  it("goes from fresh to stale to expired, at the moment (I5)", async () => {
    const enforcer = enforcerOf();
    const fetchedAt = clock.now;
    await enforcer.ready();
    const times = { fetchedAt, refreshAt: fetchedAt + 6 * HOUR, usableUntil: fetchedAt + 2 * DAY };
    const stands = { issuer: ISSUER, keyIds: ["k1", "k2"], ...times, ...NO_FAILURE, mode: "enforce" };
    for (const [seconds, state] of [
      [0, "fresh"],
      [6 * HOUR - 0.1, "fresh"],
      [6 * HOUR, "stale"],
      [2 * DAY - 0.1, "stale"],
      [2 * DAY, "expired"],
    ] as const) {
      clock.now = fetchedAt + seconds;
      expect(enforcer.status()).toEqual([{ ...stands, state }]);
    }
    expect(network.asked(JWKS_URL)).toBe(1);
  });

  it("is fresh again after a refresh (I5)", async () => {
    const enforcer = enforcerOf();
    await enforcer.ready();
    clock.now += 6 * HOUR;
    await verdict(enforcer, goodToken(key, clock.now));
    await settled();
    expect(enforcer.status()).toMatchObject([
      { state: "fresh", fetchedAt: clock.now, refreshAt: clock.now + 6 * HOUR },
    ]);
  });

  it("counts failures in a row, says the last and when the issuer is asked again, and forgets them (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    everywhere(network, refused);
    const enforcer = enforcerOf();
    for (const [index, seconds] of [1, 2, 4].entries()) {
      await verdict(enforcer, goodToken(key, clock.now));
      const lastError = expect.stringContaining("ECONNREFUSED");
      const nextAttemptAt = clock.now + seconds;
      expect(enforcer.status()).toMatchObject([{ state: "none", failures: index + 1, lastError, nextAttemptAt }]);
      clock.now += seconds;
    }
    publish(network, [key]);
    await verdict(enforcer, goodToken(key, clock.now));
    expect(enforcer.status()).toMatchObject([{ state: "fresh", ...NO_FAILURE, mode: "enforce" }]);
  });

  it("says of keys that are usable while the issuer is down both (I5)", async () => {
    const enforcer = enforcerOf();
    await enforcer.ready();
    everywhere(network, refused);
    clock.now += DAY;
    await verdict(enforcer, goodToken(key, clock.now));
    await settled();
    expect(enforcer.status()).toMatchObject([{ state: "stale", keyIds: ["k1", "k2"], failures: 1 }]);
  });

  it("of keys of the configuration is static, for ever (I3)", () => {
    const enforcer = enforcerOf({
      issuer: { issuer: ISSUER, jwks: { keys: [key.jwk, { ...another.jwk, kid: undefined }] } },
    });
    clock.now += 1000 * DAY;
    expect(enforcer.status()).toEqual([
      {
        issuer: ISSUER,
        state: "static",
        keyIds: ["k1", "(without kid)"],
        ...NEVER_FETCHED,
        ...NO_FAILURE,
        mode: "enforce",
      },
    ]);
  });

  it("lists the issuers in the order of the configuration (I12)", () => {
    expect(
      enforcerOf({ issuer: [OTHER, ISSUER] })
        .status()
        .map(({ issuer }) => issuer),
    ).toEqual([OTHER, ISSUER]);
  });
});

describe("ready()", () => {
  it("fetches the keys, so that the first request asks nobody (I5)", async () => {
    const enforcer = enforcerOf();
    await enforcer.ready();
    expect(network.requests).toHaveLength(2);
    everywhere(network, hanging);
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
    expect(network.requests).toHaveLength(2);
  });

  it("fetches once, however often and together with whom it is called (I6)", async () => {
    const enforcer = enforcerOf();
    await Promise.all([enforcer.ready(), enforcer.ready(), verdict(enforcer, goodToken(key, clock.now))]);
    await enforcer.ready();
    expect(network.requests).toHaveLength(2);
  });

  it("waits for every issuer, and asks none whose keys are given (I12)", async () => {
    publish(network, [key], { issuer: OTHER });
    const given = { issuer: "https://given.example.org", jwks: { keys: [key.jwk] } };
    const enforcer = enforcerOf({ issuer: [ISSUER, OTHER, given] });
    await enforcer.ready();
    expect(enforcer.status().map(({ state }) => state)).toEqual(["fresh", "fresh", "static"]);
    expect(network.requests).toHaveLength(4);
  });

  it("says which issuer has no keys to give; the others serve all the same (I9)", async () => {
    const enforcer = enforcerOf({ issuer: [ISSUER, OTHER] });
    const error = await failureOf(enforcer.ready());
    expect(error).toBeInstanceOf(IssuerUnavailableError);
    expect(error).toMatchObject({ issuer: OTHER, status: 503 });
    await settled();
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
  });

  it("fails at once during back-off, and succeeds after it (I6)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf();
    await failureOf(enforcer.ready());
    publish(network, [key]);
    expect(await failureOf(enforcer.ready())).toBeInstanceOf(IssuerUnavailableError);
    expect(network.asked(JWKS_URL)).toBe(0);
    clock.now += 2;
    await enforcer.ready();
    expect(network.asked(JWKS_URL)).toBe(1);
  });

  it("does not wait for a refresh while there are usable keys (I5)", async () => {
    const enforcer = enforcerOf();
    await enforcer.ready();
    everywhere(network, hanging);
    clock.now += DAY;
    await enforcer.ready();
    expect(enforcer.status()).toMatchObject([{ state: "stale" }]);
  });
});

describe("close()", () => {
  it("ends verification, of known tokens too, as an error of the program and no verdict (V2)", async () => {
    const [enforcer, raw] = [enforcerOf(), goodToken(key, clock.now)];
    await enforcer.verify(raw);
    enforcer.close();
    for (const token of [raw, goodToken(another, clock.now)]) {
      await expect(enforcer.verify(token)).rejects.toThrow("the enforcer is closed");
      await expect(enforcer.explain(token, "read", "/x")).rejects.toThrow("the enforcer is closed");
    }
  });

  it("ends the fetch that is under way, and whoever waits for it is answered (I4)", async () => {
    everywhere(network, hanging);
    const events: SciTokenEvent[] = [];
    const enforcer = enforcerOf({ onEvent: (event) => events.push(event) });
    const waiting = verdict(enforcer, goodToken(key, clock.now));
    await settled();
    enforcer.close();
    expect(await waiting).toBe("issuer_unavailable");
    expect(network.requests.map(({ init }) => init.signal?.aborted)).toEqual([true]);
    expect(events).toEqual([]);
  });

  it("asks nobody any more, ready() included (I4)", async () => {
    const enforcer = enforcerOf();
    enforcer.close();
    await expect(enforcer.ready()).rejects.toThrow(/closed|cannot be had/);
    await failureOf(enforcer.verify(goodToken(key, clock.now)));
    expect(network.requests).toEqual([]);
  });

  it("leaves status() as it was, and may be called twice (I5)", async () => {
    const enforcer = enforcerOf();
    await enforcer.ready();
    const before = enforcer.status();
    enforcer.close();
    enforcer.close();
    expect(enforcer.status()).toEqual(before);
  });
});
