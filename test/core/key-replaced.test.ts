// New keys under old ids, or without any: a signature that is not the key's is worth one refresh, as an unknown kid is.
import { afterEach, describe, expect, it } from "vitest";
import { createEnforcer } from "@scitokens/core";
import { createTestIssuer } from "@scitokens/issuer";
import { signToken, testKey } from "../support/sign.js";

const ISSUER = "https://issuer.example.org";
const AUDIENCE = "https://data.example.org";
let now = 1_790_000_000;
let fetches = 0;
let keys: readonly object[] = [];
let answers = true;

const first = testKey("ES256", "key-1");
const second = testKey("ES256", "key-1");

afterEach(() => {
  fetches = 0;
  answers = true;
  now += 86_400;
});

function enforcer() {
  const fetchKeys = (): Promise<Response> => {
    fetches++;
    return answers ? Promise.resolve(Response.json({ keys })) : Promise.reject(new TypeError("fetch failed"));
  };
  return createEnforcer({
    issuer: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` },
    audience: AUDIENCE,
    clock: () => now,
    keys: { fetch: fetchKeys },
  });
}

const claims = (): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  ver: "scitoken:2.0",
  scope: "read:/",
  iat: now,
  nbf: now,
  exp: now + 7200,
});
const token = (key = first, header: object = { alg: "ES256", kid: "key-1" }): string =>
  signToken(key, claims(), header);

describe("a key that was replaced", () => {
  it.each([
    ["under its old id", { alg: "ES256", kid: "key-1" }, (key: typeof first): object => key.jwk],
    ["where keys have no id", { alg: "ES256" }, (key: typeof first): object => ({ ...key.jwk, kid: undefined })],
  ])("is picked up %s, and the old one is gone (I7, I8)", async (_, header, publish) => {
    const mine = enforcer();
    keys = [publish(first)];
    const old = token(first, header);
    await mine.verify(old);
    keys = [publish(second)];
    await expect(mine.verify(token(second, header))).resolves.toMatchObject({ issuer: ISSUER });
    expect(fetches).toBe(2);
    await expect(mine.verify(old)).rejects.toMatchObject({ reason: "signature" });
  });

  it("costs at most one fetch a cool-down, however many forgeries come (I7)", async () => {
    const mine = enforcer();
    keys = [first.jwk];
    await mine.verify(token());
    for (let i = 0; i < 20; i++)
      await expect(mine.verify(token(second))).rejects.toMatchObject({ reason: "signature" });
    expect(fetches).toBe(2);
    now += 30;
    await expect(mine.verify(token(second))).rejects.toMatchObject({ reason: "signature" });
    expect(fetches).toBe(3);
  });

  it("is no reason to doubt the keys at hand when the issuer is down (I9)", async () => {
    const mine = enforcer();
    keys = [first.jwk];
    await mine.verify(token());
    answers = false;
    await expect(mine.verify(token(second))).rejects.toMatchObject({ code: "invalid_token", reason: "signature" });
    await expect(mine.verify(token())).resolves.toMatchObject({ issuer: ISSUER });
  });
});

it("survives a clock that breaks while keys are fetched (I5)", async () => {
  const issuer = await createTestIssuer({ now: () => now });
  let broken = false;
  const clock = (): number => {
    if (broken) throw new Error("no clock");
    return now;
  };
  const mine = createEnforcer({ issuer: issuer.issuer, audience: AUDIENCE, clock, keys: { fetch: issuer.fetch } });
  const raw = await issuer.token({ aud: AUDIENCE }, { lifetime: 86_400 });
  await mine.verify(raw);
  now += 7 * 3600;
  const refreshing = mine.verify(raw);
  broken = true;
  await refreshing;
  await new Promise((resolve) => setTimeout(resolve, 20));
  broken = false;
  expect(issuer.requests).toHaveLength(4);
  expect(mine.status()[0]?.state).toBe("fresh");
});
