// close() while requests are under way, and of one enforcer of several that share their keys. Rules I4, I15, V2.
import type { EnforcerOptions } from "@scitokens/core";
import { createProtection, authorizeRequest } from "@scitokens/core/http";
import { describe, expect, it } from "vitest";
import { issuerForEachTest } from "../../support/issuer-for-each-test.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import {
  AUDIENCE,
  DAY,
  everywhere,
  goodToken,
  ISSUER,
  json,
  JWKS_URL,
  METADATA_URL,
  publish,
  refused,
  settled,
  verdict,
} from "../../support/scripted-issuer.js";
import { testKey } from "../../support/sign.js";

nothingIsLeftAlone();
const key = testKey("ES256", "k1");
const { network, clock, enforcerOf } = issuerForEachTest(key);
const tokenOf = (sub: string): string => goodToken(key, clock.now, { sub });

/** Lets the issuer's metadata wait until it is told to come. */
function held(): () => void {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  network.answers.set(METADATA_URL, async (init) => {
    await released;
    return json({ issuer: ISSUER, jwks_uri: JWKS_URL })(init);
  });
  return release;
}

describe("close() while requests are under way", () => {
  it("answers each of 200 that wait for keys, and lets none in (I4)", async () => {
    const release = held();
    const enforcer = enforcerOf();
    const waiting = Array.from({ length: 200 }, (_, i) => verdict(enforcer, tokenOf(`${i % 50}`)));
    await settled();
    enforcer.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["issuer_unavailable"]));
    release();
    await settled();
    expect(network.asked(JWKS_URL)).toBe(0);
    await expect(enforcer.verify(tokenOf("0"))).rejects.toThrow("the enforcer is closed");
  });

  it.each([
    ["false", false, "good"],
    ["true", true, "revoked"],
  ])("lets isRevoked have its say on what it was asked before: %s (V2)", async (_, answer, expected) => {
    let say = (_revoked: boolean): void => {};
    const isRevoked = (): Promise<boolean> => new Promise((resolve) => (say = resolve));
    const enforcer = enforcerOf({ isRevoked });
    const waiting = verdict(enforcer, tokenOf("alice"));
    await settled();
    enforcer.close();
    say(answer);
    expect(await waiting).toBe(expected);
  });

  it("ends a refresh in the background without a word, and asks no more though keys are due (I4, I5)", async () => {
    const events: string[] = [];
    const enforcer = enforcerOf({ onEvent: ({ type }) => void events.push(type) });
    const raw = tokenOf("alice");
    expect(await verdict(enforcer, raw)).toBe("good");
    const release = held();
    clock.now += DAY;
    expect(await verdict(enforcer, raw)).toBe("good");
    await settled();
    enforcer.close();
    release();
    await settled();
    expect(events).toEqual(["keys_fetched"]);
    expect(() => enforcer.status()).not.toThrow();
    expect(network.requests).toHaveLength(3);
  });
});

describe("two routes that share keys, of which one is closed", () => {
  const shared = (audience: string): EnforcerOptions => {
    const keys = { fetch: network.fetch };
    return { issuer: ISSUER, audience, clock: clock.read, keys };
  };
  const ask = async (protection: ReturnType<typeof createProtection>, raw: string): Promise<boolean> => {
    const facts = { method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: {} };
    return (await authorizeRequest(facts, protection)).allowed;
  };

  it("both get the fetch that was under way when it was closed, and both go on (I15)", async () => {
    const release = held();
    const [one, two] = [createProtection(shared(AUDIENCE)), createProtection(shared("https://two.example.org"))];
    expect(two.enforcer).not.toBe(one.enforcer);
    const forTwo = goodToken(key, clock.now, { aud: "https://two.example.org" });
    const waiting = [ask(one, tokenOf("alice")), ask(two, forTwo)];
    await settled();
    one.enforcer.close();
    release();
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect([network.asked(METADATA_URL), network.asked(JWKS_URL)]).toEqual([1, 1]);
    expect([await ask(one, tokenOf("bob")), await ask(two, forTwo)]).toEqual([true, true]);
  });

  it("a third that is made then has their keys as well, and refreshes go on (I15, I5)", async () => {
    const one = createProtection(shared(AUDIENCE));
    expect(await ask(one, tokenOf("alice"))).toBe(true);
    one.enforcer.close();
    const three = createProtection(shared(AUDIENCE));
    expect(three.enforcer).not.toBe(one.enforcer);
    everywhere(network, refused);
    expect(await ask(three, tokenOf("bob"))).toBe(true);
    publish(network, [key]);
    clock.now += DAY;
    expect(await ask(one, tokenOf("carol"))).toBe(true);
    await settled();
    expect(network.asked(JWKS_URL)).toBe(2);
    expect(await ask(three, tokenOf("dave"))).toBe(true);
    expect(network.asked(JWKS_URL)).toBe(2);
  });
});
