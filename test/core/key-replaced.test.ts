// New keys under old ids, or without any: a signature that is not the key's is worth one refresh, as an unknown kid is.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer } from "@scitokens/core";
import { createTestIssuer } from "@scitokens/issuer";
import { describe, expect, it } from "vitest";
import { issuerForEachTest } from "../support/issuer-for-each-test.js";
import {
  AUDIENCE,
  DAY,
  everywhere,
  goodToken,
  HOUR,
  ISSUER,
  JWKS_URL,
  publish,
  refused,
  settled,
} from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const first = testKey("ES256", "key-1");
const second = testKey("ES256", "key-1");

const { network, clock, enforcerOf } = issuerForEachTest();

const withJwksUri = (): Enforcer => enforcerOf({ issuer: { issuer: ISSUER, jwksUri: JWKS_URL } });
const token = (key = first, header: Record<string, unknown> = {}): string => goodToken(key, clock.now, {}, header);

describe("a key that was replaced", () => {
  it.each([
    ["under its old id", {}, (key: typeof first): object => key.jwk],
    ["where keys have no id", { kid: undefined }, (key: typeof first): object => ({ ...key.jwk, kid: undefined })],
  ])("is picked up %s, and the old one is gone (I7, I8)", async (_, header, entryOf) => {
    const mine = withJwksUri();
    publish(network, [entryOf(first)]);
    const old = token(first, header);
    await mine.verify(old);
    publish(network, [entryOf(second)]);
    await expect(mine.verify(token(second, header))).resolves.toMatchObject({ issuer: ISSUER });
    expect(network.asked(JWKS_URL)).toBe(2);
    await expect(mine.verify(old)).rejects.toMatchObject({ reason: "signature" });
  });

  it("costs at most one fetch a cool-down, however many forgeries come (I7)", async () => {
    const mine = withJwksUri();
    publish(network, [first]);
    await mine.verify(token());
    for (let i = 0; i < 20; i++)
      await expect(mine.verify(token(second))).rejects.toMatchObject({ reason: "signature" });
    expect(network.asked(JWKS_URL)).toBe(2);
    clock.now += 30;
    await expect(mine.verify(token(second))).rejects.toMatchObject({ reason: "signature" });
    expect(network.asked(JWKS_URL)).toBe(3);
  });

  it("is no reason to doubt the keys at hand when the issuer is down (I9)", async () => {
    const mine = withJwksUri();
    publish(network, [first]);
    await mine.verify(token());
    everywhere(network, refused);
    await expect(mine.verify(token(second))).rejects.toMatchObject({ code: "invalid_token", reason: "signature" });
    await expect(mine.verify(token())).resolves.toMatchObject({ issuer: ISSUER });
  });
});

it("survives a clock that breaks while keys are fetched (I5)", async () => {
  const issuer = await createTestIssuer({ now: clock.read });
  let broken = false;
  const breaking = (): number => {
    if (broken) throw new Error("no clock");
    return clock.now;
  };
  const mine = createEnforcer({
    issuer: issuer.issuer,
    audience: AUDIENCE,
    clock: breaking,
    keys: { fetch: issuer.fetch },
  });
  const raw = await issuer.token({ aud: AUDIENCE }, { lifetime: DAY });
  await mine.verify(raw);
  clock.now += 7 * HOUR;
  const refreshing = mine.verify(raw);
  broken = true;
  await refreshing;
  await settled();
  broken = false;
  expect(issuer.requests).toHaveLength(4);
  expect(mine.status()[0]?.state).toBe("fresh");
});
