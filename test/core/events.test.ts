// What the operator hears of keys and tokens, and that a listener decides nothing. Rules H6, I8, I10, P3.
import { EVENT_CHANNEL } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, SciTokenEvent } from "@scitokens/core";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  AUDIENCE,
  everywhere,
  goodToken,
  HOUR,
  ISSUER,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const another = testKey("ES256", "k2");

const { network, clock, enforcerOf } = issuerForEachTest(key);
let events: SciTokenEvent[];

beforeEach(() => {
  events = [];
});
afterEach(() => vi.restoreAllMocks());

const enforcerHeardBy = (onEvent: NonNullable<EnforcerOptions["onEvent"]> = (event) => events.push(event)): Enforcer =>
  enforcerOf({ onEvent });

/** Publishes a set, and lets a request refresh the keys. */
async function refresh(enforcer: Enforcer, ...keys: readonly unknown[]): Promise<void> {
  publish(network, keys);
  clock.now += 6 * HOUR;
  await verdict(enforcer, goodToken(key, clock.now));
  await settled();
}

const ofType = (type: SciTokenEvent["type"]): readonly SciTokenEvent[] => events.filter((event) => event.type === type);

describe("keys_fetched", () => {
  it("says how many keys there are, and which are gone (I8)", async () => {
    const enforcer = enforcerHeardBy();
    await enforcer.ready();
    await refresh(enforcer, key, another);
    await refresh(enforcer, another);
    await refresh(enforcer);
    expect(events).toEqual([
      { type: "keys_fetched", issuer: ISSUER, keys: 1, removed: [] },
      { type: "keys_fetched", issuer: ISSUER, keys: 2, removed: [] },
      { type: "keys_fetched", issuer: ISSUER, keys: 1, removed: ["k1"] },
      { type: "keys_fetched", issuer: ISSUER, keys: 0, removed: ["k2"] },
    ]);
  });

  it("counts usable keys only (I10)", async () => {
    publish(network, [key, null, { kty: "oct" }, { ...another.jwk, use: "enc" }]);
    await enforcerHeardBy().ready();
    expect(events).toMatchObject([{ type: "keys_fetched", keys: 1 }]);
  });
});

describe("keys_failed", () => {
  it("says why, and when the issuer is asked again (I6)", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    everywhere(network, refused);
    const enforcer = enforcerHeardBy();
    for (const seconds of [1, 2, 4]) {
      await verdict(enforcer, goodToken(key, clock.now));
      clock.now += seconds;
    }
    const message = expect.stringMatching(
      /openid-configuration: ECONNREFUSED.*oauth-authorization-server: ECONNREFUSED/,
    );
    expect(events).toEqual(
      [1, 2, 4].map((retryAfter) => ({ type: "keys_failed", issuer: ISSUER, message, retryAfter })),
    );
  });

  it.each([
    [
      "is in no message",
      Object.assign(new AggregateError([new Error("connect ::1")]), { code: "ECONNREFUSED" }),
      "ECONNREFUSED",
    ],
    ["is in the first of several", new AggregateError([new Error("connect ::1"), new Error("connect")]), "connect ::1"],
    ["is nowhere", Object.assign(new Error("x"), { message: Symbol("x") }), "the fetch failed"],
    [
      "is told by a proxy with a password",
      new Error("no answer of http://u:hunter2@proxy"),
      "no answer of http://proxy",
    ],
  ])("says why where that %s (I4, H6)", async (_, cause, words) => {
    everywhere(network, () => {
      throw new TypeError("fetch failed", { cause });
    });
    await verdict(enforcerHeardBy(), goodToken(key, clock.now));
    expect(events[0]).toMatchObject({ message: expect.stringMatching(`openid-configuration: ${words}; `) });
  });

  it("comes once an attempt, not once a request (I6)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerHeardBy();
    await Promise.all(Array.from({ length: 50 }, () => verdict(enforcer, goodToken(key, clock.now))));
    await verdict(enforcer, goodToken(key, clock.now));
    expect(events).toHaveLength(1);
  });
});

describe("private_key_published", () => {
  const leaked = (kid: string): Record<string, unknown> => ({ ...another.privateKey.export({ format: "jwk" }), kid });
  const incidents = (): readonly SciTokenEvent[] => ofType("private_key_published");

  it("names the keys, once a set; the other keys of it serve (I10)", async () => {
    publish(network, [leaked("l1"), key, leaked("l2")]);
    const enforcer = enforcerHeardBy();
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
    expect(await verdict(enforcer, goodToken(another, clock.now, {}, { kid: "l1" }))).toBe("unknown_key");
    await refresh(enforcer, leaked("l1"), key, leaked("l2"));
    await refresh(enforcer, leaked("l1"), key, leaked("l2"));
    expect(incidents()).toEqual([{ type: "private_key_published", issuer: ISSUER, keyIds: ["l1", "l2"] }]);
  });

  it("comes again for another set (I10)", async () => {
    publish(network, [leaked("l1"), key]);
    const enforcer = enforcerHeardBy();
    await enforcer.ready();
    await refresh(enforcer, key);
    await refresh(enforcer, leaked("l2"), key);
    await refresh(enforcer, leaked("l2"), leaked("l3"), key);
    expect(incidents().map((event) => "keyIds" in event && event.keyIds)).toEqual([["l1"], ["l2"], ["l2", "l3"]]);
  });

  it("does not come for public keys (I10)", async () => {
    publish(network, [key, another]);
    await enforcerHeardBy().ready();
    expect(incidents()).toEqual([]);
  });

  it("never says what is private, and names a key without kid without it (I10)", async () => {
    const secret = leaked("l1");
    publish(network, [{ ...secret, kid: undefined }, { ...secret, kid: `\u001b[31m${"x".repeat(5000)}` }, key]);
    const enforcer = enforcerHeardBy();
    await enforcer.ready();
    const said = JSON.stringify([events, enforcer.status()]);
    expect(said).not.toContain(secret["d"]);
    expect(said).not.toContain("\u001b");
    expect(said.length).toBeLessThan(1000);
    expect(incidents()).toMatchObject([{ keyIds: ["(without kid)", expect.any(String)] }]);
  });
});

describe("claim_owed", () => {
  const wlcg = (claims: Record<string, unknown> = {}): string =>
    signToken(key, { "wlcg.ver": "1.0", iss: ISSUER, aud: AUDIENCE, iat: clock.now, exp: clock.now + 600, ...claims });

  it.each([
    [{}, ["sub", "jti"]],
    [{ sub: "alice" }, ["jti"]],
    [{ jti: "1" }, ["sub"]],
  ])("names what a WLCG token with %j lacks; the token is good (P3)", async (claims, owed) => {
    expect(await verdict(enforcerHeardBy(), wlcg(claims))).toBe("good");
    expect(ofType("claim_owed")).toEqual([{ type: "claim_owed", issuer: ISSUER, claims: owed }]);
  });

  it("comes once a verification, not once a request (P3)", async () => {
    const [enforcer, raw] = [enforcerHeardBy(), wlcg()];
    await Promise.all([verdict(enforcer, raw), verdict(enforcer, raw)]);
    await verdict(enforcer, raw);
    expect(ofType("claim_owed")).toHaveLength(1);
  });

  it("does not come for a token that lacks nothing, for a refused one, or in another profile (P3)", async () => {
    const enforcer = enforcerHeardBy();
    expect(await verdict(enforcer, wlcg({ sub: "alice", jti: "1" }))).toBe("good");
    expect(await verdict(enforcer, wlcg({ aud: "https://other.example.org" }))).toBe("audience");
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
    expect(ofType("claim_owed")).toEqual([]);
  });
});

describe("a listener", () => {
  it("that throws changes nothing, and is told of in one warning without its words (H6)", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const enforcer = enforcerHeardBy(() => {
      throw new RangeError("secret");
    });
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("good");
    expect(enforcer.status()).toMatchObject([{ state: "fresh", failures: 0 }]);
    await refresh(enforcer, another);
    expect(await verdict(enforcer, goodToken(another, clock.now))).toBe("good");
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("RangeError"), expect.anything());
    expect(JSON.stringify(warned.mock.calls)).not.toContain("secret");
  });

  it("that throws, or rejects with, what has no name changes nothing either (H6)", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const nameless = (): Error => Object.assign(new Error("secret"), { name: Symbol("secret") });
    for (const hear of [
      (): void => {
        throw nameless();
      },
      () => Promise.reject(nameless()),
    ]) {
      expect(await verdict(enforcerHeardBy(hear), goodToken(key, clock.now))).toBe("good");
      expect(warned).toHaveBeenLastCalledWith(expect.stringContaining("onEvent threw an error;"), expect.anything());
    }
    expect(warned).toHaveBeenCalledTimes(2);
  });

  it("that throws does not spoil a failure either: 503 and back-off stay what they are (H6)", async () => {
    vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    everywhere(network, refused);
    const enforcer = enforcerHeardBy(() => {
      throw new RangeError("secret");
    });
    expect(await verdict(enforcer, goodToken(key, clock.now))).toBe("issuer_unavailable");
    expect(enforcer.status()).toMatchObject([{ failures: 1 }]);
  });

  it("need not be there (H6)", async () => {
    expect(await verdict(enforcerOf(), goodToken(key, clock.now))).toBe("good");
  });

  it("must be a function (H6)", () => {
    expect(() => enforcerHeardBy("console.log" as unknown as () => void)).toThrow(/onEvent: expected a function/);
  });
});

describe("node:diagnostics_channel", () => {
  function listen(): unknown[] {
    const heard: unknown[] = [];
    const hear = (message: unknown): number => heard.push(message);
    subscribe(EVENT_CHANNEL, hear);
    onTestFinished(() => void unsubscribe(EVENT_CHANNEL, hear));
    return heard;
  }

  it("is called scitokens, and hears what onEvent hears (H6)", async () => {
    const heard = listen();
    const enforcer = enforcerHeardBy();
    await verdict(enforcer, goodToken(key, clock.now));
    await refresh(enforcer, another);
    everywhere(network, refused);
    clock.now += 6 * HOUR;
    await verdict(enforcer, goodToken(another, clock.now));
    await settled();
    expect(EVENT_CHANNEL).toBe("scitokens");
    expect(events.map(({ type }) => type)).toEqual(["keys_fetched", "keys_fetched", "keys_failed"]);
    expect(heard).toEqual(events);
  });

  it("hears without an onEvent, too (H6)", async () => {
    const heard = listen();
    await enforcerOf().ready();
    expect(heard).toEqual([{ type: "keys_fetched", issuer: ISSUER, keys: 1, removed: [] }]);
  });

  it("hears though onEvent throws (H6)", async () => {
    vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const heard = listen();
    await enforcerHeardBy(() => {
      throw new Error("no");
    }).ready();
    expect(heard).toHaveLength(1);
  });
});
