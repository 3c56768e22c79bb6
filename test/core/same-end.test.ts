// Tokens that end alike: in flight together, or beside a key that is just replaced, each is judged by its whole text.
import { expect, it } from "vitest";
import { createEnforcer } from "@scitokens/core";
import { settled } from "../support/scripted-issuer.js";
import { encode, signToken, testKey } from "../support/sign.js";

const ISSUER = "https://issuer.example.org";
const AUDIENCE = "https://data.example.org";
const NOW = 1_790_000_000;
const key = testKey("ES256", "key-1");
const claims = (scope: string): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  ver: "scitoken:2.0",
  scope,
  iat: NOW,
  nbf: NOW,
  exp: NOW + 600,
});
const good = signToken(key, claims("read:/a"));
const [header = "", , signature = ""] = good.split(".");
const forged = `${header}.${encode(claims("read:/ write:/"))}.${signature}`;

function enforcer(clock = (): number => NOW, publish = (): readonly object[] => [key.jwk]) {
  return createEnforcer({
    issuer: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` },
    audience: AUDIENCE,
    clock,
    keys: { fetch: () => Promise.resolve(Response.json({ keys: publish() })) },
  });
}

it("does not let a forgery ride on the verification of the token whose signature it carries (V3)", async () => {
  for (const order of [
    [good, forged],
    [forged, good],
  ]) {
    const mine = enforcer();
    const outcomes = await Promise.allSettled(order.map((raw) => mine.verify(raw)));
    expect(outcomes.map(({ status }) => status)).toEqual(order.map((raw) => (raw === good ? "fulfilled" : "rejected")));
  }
});

it("does not take a forgery's word at the moment a key is replaced (I7)", async () => {
  const [second, stranger] = [testKey("ES256", "key-1"), testKey("ES256", "key-1")];
  let published: readonly object[] = [key.jwk];
  const mine = enforcer(
    () => NOW,
    () => published,
  );
  await mine.verify(good);
  published = [second.jwk];
  await expect(mine.verify(signToken(stranger, claims("read:/")))).rejects.toMatchObject({ reason: "signature" });
  await expect(mine.verify(signToken(second, claims("read:/a")))).resolves.toMatchObject({ issuer: ISSUER });
});

it("judges each of several requests with one token by its own time, though they wait for one verification (C2, V3)", async () => {
  let now = NOW;
  let answer: () => void = () => {};
  const mine = createEnforcer({
    issuer: { issuer: ISSUER, jwksUri: `${ISSUER}/jwks` },
    audience: AUDIENCE,
    clock: () => now,
    keys: {
      fetch: () => new Promise((resolve) => (answer = () => resolve(Response.json({ keys: [key.jwk] })))),
    },
  });
  const early = mine.verify(good);
  now = NOW + 600; // its exp
  const late = mine.verify(good);
  await settled();
  answer();
  const outcomes = await Promise.allSettled([early, late]);
  expect(outcomes).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { reason: "expired" } }]);
});

it("keeps keys usable though the clock says nothing at the end of a fetch (I5)", async () => {
  let reads = 0;
  const mine = enforcer(() => (++reads === 2 ? Number.NaN : NOW)); // the second reading is the fetch's
  await mine.verify(good);
  expect(mine.status()).toMatchObject([{ state: "fresh", fetchedAt: NOW }]);
});

it("throws for a question that is wrong of any token, a refused one included (R1)", async () => {
  const mine = enforcer();
  await expect(mine.explain("abc", "")).rejects.toThrow(TypeError);
  await expect(mine.explain("abc", "read", "/a/../b")).rejects.toMatchObject({ code: "invalid_path" });
  await expect(mine.explain("abc", "read", "/a")).resolves.toMatchObject({ allowed: false, reason: "malformed" });
});
