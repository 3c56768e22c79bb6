// Many new tokens at once go to threads, one alone does not; the verdicts are the same. Rules T3, V3; ADR 0017.
import crypto from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { createEnforcer } from "@scitokens/core";
import { beforeEach, describe, expect, it } from "vitest";
import { decode } from "../../packages/core/src/jwt/decode.js";
import type { SignatureVerifier } from "../../packages/core/src/jwt/signature.js";
import { createSignatureVerifier } from "../../packages/core/src/jwt/verify-signature.js";
import { AUDIENCE, goodToken, ISSUER, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";
import { wrong } from "../support/wrong.js";

const NOW = 1_790_000_000;
const key = testKey("ES256", "k1");
const good = Array.from({ length: 300 }, (_, i) => goodToken(key, NOW, { sub: `${i}` }));
/** Each with the signature of the one before. */
const forged = good.map((text, i) => {
  const other = good.at(i - 1) ?? "";
  return `${text.slice(0, text.lastIndexOf("."))}${other.slice(other.lastIndexOf("."))}`;
});

/** node:crypto, with its verifications counted: those on the spot, those in threads, and the most of these at a time. */
const counted = { here: 0, inThreads: 0, most: 0, now: 0 };
/** Threads that take their time: what they have found is told when this is. */
let release: Promise<void> = Promise.resolve();
const counting: typeof crypto = wrong({
  ...crypto,
  verify(...[hash, text, input, signature, callback]: Parameters<typeof crypto.verify> | unknown[]) {
    const verify = crypto.verify as (...parts: unknown[]) => boolean | undefined;
    if (typeof callback !== "function") {
      counted.here++;
      return verify(hash, text, input, signature);
    }
    counted.inThreads++;
    counted.most = Math.max(counted.most, ++counted.now);
    return verify(hash, text, input, signature, async (...answer: unknown[]) => {
      await release;
      counted.now--;
      (callback as (...parts: unknown[]) => void)(...answer);
    });
  },
});

let verifier: SignatureVerifier;
const verify = (text: string | undefined) => verifier.verify(decode(text ?? "", 16_384), key, "ES256");

const all = (verdicts: readonly (boolean | Promise<boolean>)[]): Promise<boolean[]> =>
  Promise.all(verdicts.map(async (one) => one));

beforeEach(() => {
  verifier = createSignatureVerifier(counting);
  Object.assign(counted, { here: 0, inThreads: 0, most: 0, now: 0 });
});

describe("a new token is verified", () => {
  it("on the spot when each is asked after the one before is answered, however quickly (T3)", async () => {
    for (const text of good.slice(0, 50)) expect(await verify(text)).toBe(true);
    for (const text of forged.slice(0, 50)) expect(await verify(text)).toBe(false);
    expect(counted).toMatchObject({ here: 100, inThreads: 0 });
  });

  it("on the spot when one comes with each turn of the event loop (T3)", async () => {
    for (const text of good.slice(0, 20)) {
      await turn();
      expect(verify(text)).toBe(true);
    }
    expect(counted).toMatchObject({ here: 20, inThreads: 0 });
  });

  it("in a thread when others are asked in one go: each gets its own verdict (T3)", async () => {
    const texts = good.slice(0, 16).flatMap((text, i) => [text, forged[i]]);
    const verdicts = await all(texts.map(verify));
    expect(verdicts).toEqual(texts.map((_, i) => i % 2 === 0));
    expect(counted).toMatchObject({ here: 1, inThreads: 31 });
  });

  it("in a thread when an earlier callback of the same turn has verified one (T3)", async () => {
    const verdicts: (boolean | Promise<boolean>)[] = [];
    await Promise.all(
      good.slice(0, 3).map((text) => turn().then(() => setImmediate(() => verdicts.push(verify(text))))),
    );
    await turn();
    await turn();
    expect(await all(verdicts)).toEqual([true, true, true]);
    expect(counted).toMatchObject({ here: 1, inThreads: 2 });
  });

  it("in a thread while others are there, and on the spot again when none is (T3)", async () => {
    let answer: () => void = () => {};
    release = new Promise((resolve) => (answer = resolve));
    const begun = [verify(good[0]), verify(good[1])];
    await turn();
    begun.push(verify(good[2]));
    await turn();
    expect(counted).toMatchObject({ here: 1, inThreads: 2 });
    answer();
    expect(await all(begun)).toEqual([true, true, true]);
    await turn();
    expect(verify(good[3])).toBe(true);
  });

  it("on the spot with RSA of 2048 bits, were there many: that takes less time than a thread to be woken (T3)", async () => {
    const rsa = testKey("RS256", "r1");
    const texts = ["a", "b", "c"].map((sub) => decode(goodToken(rsa, NOW, { sub }), 16_384));
    expect(texts.map((token) => verifier.verify(token, rsa, "RS256"))).toEqual([true, true, true]);
    expect(counted).toMatchObject({ here: 3, inThreads: 0 });
  });

  it("on the spot beyond 256 in threads: what else waits for threads waits some milliseconds (T3)", async () => {
    const verdicts = good.map(verify);
    expect(counted).toMatchObject({ here: 44, inThreads: 256 });
    expect(await all(verdicts)).toEqual(good.map(() => true));
    expect(counted.most).toBe(256);
  });
});

describe("an enforcer asked about many new tokens at once", () => {
  const enforcer = () =>
    createEnforcer({ issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } }, audience: AUDIENCE, clock: () => NOW });

  it("gives each its own verdict, good and forged mixed, and the same ones again (V1, V3)", async () => {
    const mine = enforcer();
    const texts = good.slice(0, 40).flatMap((text, i) => [text, forged[i] ?? "", text]);
    const expected = texts.map((_, i) => (i % 3 === 1 ? "signature" : "good"));
    for (let times = 0; times < 2; times++) {
      expect(await Promise.all(texts.map((text) => verdict(mine, text)))).toEqual(expected);
    }
  });
});
