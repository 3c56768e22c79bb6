// What an issuer's documents could do to the process that reads them. Rules I4, I10, I1.
import { expect, it } from "vitest";
import { createEnforcer } from "@scitokens/core";
import type { SciTokenEvent } from "@scitokens/core";
import { signToken, testKey } from "../support/sign.js";

const ISSUER = "https://issuer.example.org";
const NOW = 1_790_000_000;
const key = testKey("ES256", "key-1");
const raw = signToken(key, {
  iss: ISSUER,
  aud: "https://a.example",
  ver: "scitoken:2.0",
  scope: "read:/",
  iat: NOW,
  nbf: NOW,
  exp: NOW + 60,
});

function enforcerOf(documents: (url: string) => unknown, events: SciTokenEvent[] = []) {
  return createEnforcer({
    issuer: ISSUER,
    audience: "https://a.example",
    clock: () => NOW,
    onEvent: (event) => events.push(event),
    keys: { fetch: (url: unknown) => Promise.resolve(Response.json(documents(String(url)))) },
  });
}

const metadata = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` };

it("reads a key of nothing but padding in linear time (I4)", { timeout: 3000 }, async () => {
  const padded = { kty: "RSA", kid: "p", e: "AQAB", n: `${"=".repeat(900_000)}x` };
  const enforcer = enforcerOf((url) => (url.endsWith("/jwks") ? { keys: [padded, key.jwk] } : metadata));
  await expect(enforcer.verify(raw)).resolves.toMatchObject({ issuer: ISSUER });
});

it("says nothing unbounded or unprintable of key ids (I10)", async () => {
  const events: SciTokenEvent[] = [];
  const kid = `k\n\u001b[2J${"x".repeat(5000)}`;
  const enforcer = enforcerOf(
    (url) => (url.endsWith("/jwks") ? { keys: [{ ...key.jwk, kid }, key.jwk] } : metadata),
    events,
  );
  await enforcer.verify(raw);
  const said = JSON.stringify([enforcer.status(), events]);
  expect(said.length).toBeLessThan(2000);
  expect(enforcer.status()[0]?.keyIds[0]).toMatch(/^k\\u000a\\u001b/);
});

it("says nothing unbounded of a jwks_uri (I4)", async () => {
  const enforcer = enforcerOf(() => ({ issuer: ISSUER, jwks_uri: `https://x.example/${"y".repeat(900_000)}` }));
  await expect(enforcer.verify(raw)).rejects.toMatchObject({ code: "issuer_unavailable" });
  expect(enforcer.status()[0]?.lastError?.length).toBeLessThan(1000);
});

it.each([`${ISSUER}\n`, ` ${ISSUER}`, "https:issuer.example.org", `${ISSUER}?a=b`])(
  "refuses the issuer %j at start (I1)",
  (issuer) => {
    expect(() => createEnforcer({ issuer, audience: "https://a.example" })).toThrow(/^issuer: expected a URL/);
  },
);

it("refuses an audience with blanks at start (C5)", () => {
  expect(() => createEnforcer({ issuer: ISSUER, audience: "https://a.example\n" })).toThrow(/^audience: expected/);
});

it("explains that a token seen before has been revoked since (H6)", async () => {
  let revoked = false;
  const enforcer = createEnforcer({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
    audience: "https://a.example",
    clock: () => NOW,
    isRevoked: () => revoked,
  });
  const token = await enforcer.verify(raw);
  expect(await enforcer.explain(token, "read", "/x")).toMatchObject({ allowed: true });
  revoked = true;
  expect(await enforcer.explain(token, "read", "/x")).toMatchObject({ allowed: false, reason: "revoked" });
});

it("takes a revocation hook that forgets to answer for an error of the program (V2)", async () => {
  const isRevoked = (() => {}) as unknown as () => boolean;
  const issuer = { issuer: ISSUER, jwks: { keys: [key.jwk] } };
  const enforcer = createEnforcer({ issuer, audience: "https://a.example", clock: () => NOW, isRevoked });
  await expect(enforcer.verify(raw)).rejects.toThrow(/isRevoked: expected true or false/);
});
