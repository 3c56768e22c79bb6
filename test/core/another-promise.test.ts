// Programs put another class in the place of the global Promise (zone.js, Bluebird): async functions give the old one all the
// same, and a verdict still to come is never taken for a good one. Rules T3, V2, R6.
import { createEnforcer } from "@scitokens/core";
import type { EnforcerOptions } from "@scitokens/core";
import { authorizeRequest, createProtection } from "@scitokens/core/http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSignatureVerifier } from "../../packages/core/src/jwt/verify-signature.js";
import { decode } from "../../packages/core/src/jwt/decode.js";
import { AUDIENCE, goodToken, ISSUER } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const NOW = 1_790_000_000;
const [key, stranger] = [testKey("ES256", "k1"), testKey("ES256", "k1")];
const good = ["a", "b", "c"].map((sub) => goodToken(key, NOW, { sub, scope: "read:/data" }));
const forged = ["a", "b", "c"].map((sub) => goodToken(stranger, NOW, { sub, scope: "read:/data" }));

const Native = Promise;
class Another<T> extends Native<T> {}

beforeEach(() => {
  globalThis.Promise = Another;
});
afterEach(() => {
  globalThis.Promise = Native;
});

const protectionOf = (options: Partial<EnforcerOptions>) =>
  createProtection({
    issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
    audience: AUDIENCE,
    clock: () => NOW,
    scope: async () => "read:/data",
    ...options,
  });

const decide = (raw: string, protection: ReturnType<typeof protectionOf>) =>
  authorizeRequest({ method: "GET", target: "/", authorization: [`Bearer ${raw}`], request: {} }, protection);

describe("where the global Promise is another one", () => {
  it("forged tokens are refused, alone and several at once (T3)", async () => {
    const enforcer = createEnforcer({
      issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
      audience: AUDIENCE,
      clock: () => NOW,
    });
    const outcomes = await Native.allSettled(forged.map((raw) => enforcer.verify(raw)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected", "rejected"]);
    const taken = await Native.all(good.map((raw) => enforcer.verify(raw)));
    expect(taken.map(({ subject }) => subject)).toEqual(["a", "b", "c"]);
  });

  it("requests are decided as elsewhere, several at once (T3, R6)", async () => {
    const protection = protectionOf({});
    const texts = [...forged, ...good, ...forged];
    const decisions = await Native.all(texts.map((raw) => decide(raw, protection)));
    expect(decisions.map(({ allowed }) => allowed)).toEqual(texts.map((raw) => good.includes(raw)));
  });

  it("a revoked token is refused (V2)", async () => {
    const decision = await decide(good[0] ?? "", protectionOf({ isRevoked: async () => true }));
    expect(decision).toMatchObject({ allowed: false, refusal: { cause: { reason: "revoked" } } });
  });

  it("forged tokens are refused by WebCrypto, too (T3)", async () => {
    const verifier = createSignatureVerifier(null);
    const verdicts = [forged[0] ?? "", good[0] ?? ""].map((raw) => verifier.verify(decode(raw, 16_384), key, "ES256"));
    expect(await Native.all(verdicts.map(async (verdict) => verdict))).toEqual([false, true]);
  });
});
