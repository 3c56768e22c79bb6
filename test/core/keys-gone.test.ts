// What becomes of tokens whose key is gone, and of those whose issuer never gave a key. Rules I8, I9.
import { InvalidTokenError, IssuerUnavailableError } from "@scitokens/core";
import type { ClaimsSchema } from "@scitokens/core";
import { describe, expect, it, vi } from "vitest";
import { changingKeysForEachTest, first, second, third } from "../support/changing-keys.js";
import {
  everywhere,
  failureOf,
  goodToken,
  HOUR,
  ISSUER,
  json,
  JWKS_URL,
  publish,
  refused,
  settled,
  verdict,
} from "../support/scripted-issuer.js";
import { signToken, testKey } from "../support/sign.js";

const { network, clock, enforcerOf, started, request, fresh } = changingKeysForEachTest();

describe("a key that is gone", () => {
  it("takes its tokens with it, those in the cache included, and brings them back (I8)", async () => {
    publish(network, [first, second]);
    const { enforcer, token } = await started();
    publish(network, [second]);
    clock.now += 6 * HOUR - 0.1;
    expect(await request(enforcer, token)).toBe("good");
    clock.now += 0.1;
    expect(await request(enforcer, token)).toBe("good");
    expect(await request(enforcer, token)).toBe("unknown_key");
    expect(await request(enforcer, fresh())).toBe("unknown_key");

    publish(network, [first, second]);
    clock.now += 6 * HOUR;
    await request(enforcer, fresh(second));
    expect(await request(enforcer, token)).toBe("good");
  });

  it("takes the token of a request that waited for another's verification meanwhile (I8)", async () => {
    let answer: () => void = () => {};
    const waits = new Promise<void>((resolve) => (answer = resolve));
    const claims: ClaimsSchema<object> = {
      "~standard": { version: 1, vendor: "test", validate: (value) => waits.then(() => ({ value: value as object })) },
    };
    const enforcer = enforcerOf({ claims });
    await enforcer.ready();
    const token = fresh();
    const early = verdict(enforcer, token);
    publish(network, [second]);
    clock.now += 1;
    void verdict(enforcer, fresh(second)); // an unknown kid: the refresh that takes the first key away
    await settled();
    expect(enforcer.status()).toMatchObject([{ keyIds: ["second"] }]);
    const joining = verdict(enforcer, token);
    answer();
    expect(await joining).toBe("unknown_key");
    await early;
  });

  it("takes them after a refresh that an unknown kid forced, too (I8)", async () => {
    const { enforcer, token } = await started();
    publish(network, [second]);
    expect(await request(enforcer, fresh(second))).toBe("good");
    expect(await request(enforcer, token)).toBe("unknown_key");
  });

  it("is gone though another key has its kid now (I8)", async () => {
    const { enforcer, token } = await started();
    const successor = testKey("ES256", "first");
    publish(network, [successor]);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("signature");
    expect(await request(enforcer, fresh(successor))).toBe("good");
  });

  it("is gone though only its use, its alg or its operations changed (I8)", async () => {
    for (const change of [{ use: "enc" }, { alg: "ES384" }, { key_ops: ["sign"] }]) {
      publish(network, [first, second]);
      const { enforcer, token } = await started();
      publish(network, [{ ...first.jwk, ...change }, second]);
      clock.now += 6 * HOUR;
      await request(enforcer, fresh(second));
      expect(await request(enforcer, token)).toBe("unknown_key");
    }
  });

  it("does not take the tokens of the keys that stay: their verdicts need no second verification (I8)", async () => {
    const sub = vi.fn(() => true);
    publish(network, [first, second]);
    const { enforcer } = await started({ validators: { sub } });
    const token = goodToken(first, clock.now, { sub: "alice" });
    await request(enforcer, token);
    publish(network, [first, third]);
    clock.now += 6 * HOUR;
    for (let times = 0; times < 3; times++) expect(await request(enforcer, token)).toBe("good");
    expect(enforcer.status()[0]?.keyIds).toEqual(["first", "third"]);
    expect(sub).toHaveBeenCalledTimes(1);
  });

  it("is not gone when a refresh fails (I8)", async () => {
    const { enforcer, token } = await started();
    network.answers.set(JWKS_URL, json({ keys: "none" }));
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("good");
  });

  it("takes every token with it when the set is empty (I8, I9)", async () => {
    const { enforcer, token } = await started();
    publish(network, []);
    clock.now += 6 * HOUR;
    await request(enforcer, token);
    expect(await request(enforcer, token)).toBe("unknown_key");
  });
});

describe("without keys", () => {
  it.each([
    ["nobody listens", refused],
    ["all is 404", json({}, {}, 404)],
    ["all is 500", json({}, {}, 500)],
    ["all is HTML", () => new Response("<!doctype html>")],
    ["all is null", json(null)],
  ])("says, when %s, that the issuer is unavailable and not that the token is bad (I9)", async (_, answer) => {
    everywhere(network, answer);
    for (const raw of [fresh(), fresh(second), goodToken(first, clock.now, {}, { kid: undefined })]) {
      const error = await failureOf(enforcerOf().verify(raw));
      expect(error).toBeInstanceOf(IssuerUnavailableError);
      expect(error).toMatchObject({ status: 503, code: "issuer_unavailable", issuer: ISSUER });
      expect((error as IssuerUnavailableError).retryAfter).toBeGreaterThanOrEqual(1);
    }
  });

  it.each([
    ["no keys list", {}],
    ["keys that are no list", { keys: "k1" }],
    ["keys: null", { keys: null }],
  ])("takes %s for no answer: 503 (I9)", async (_, document) => {
    network.answers.set(JWKS_URL, json(document));
    expect(await failureOf(enforcerOf().verify(fresh()))).toMatchObject({ status: 503 });
  });

  it.each([
    ["an empty set", []],
    ["a set of other keys", [second]],
    ["a set of nothing usable", [null, 7, {}, { kty: "oct", kid: "first" }]],
  ])("takes %s for an answer: 401 (I9)", async (_, keys) => {
    publish(network, keys);
    const enforcer = enforcerOf();
    for (const kid of ["first", undefined]) {
      const error = await failureOf(enforcer.verify(goodToken(first, clock.now, {}, { kid, alg: "RS256" })));
      expect(error).toBeInstanceOf(InvalidTokenError);
      expect(error).toMatchObject({ status: 401, reason: "unknown_key" });
    }
  });

  it("judges what needs no key: a token without form is 401 while the issuer is down (I9)", async () => {
    everywhere(network, refused);
    const enforcer = enforcerOf();
    expect(await verdict(enforcer, "no.token")).toBe("malformed");
    expect(await verdict(enforcer, signToken(first, { iss: "https://unknown.example.org" }))).toBe("untrusted_issuer");
    expect(await verdict(enforcer, goodToken(first, clock.now, {}, { alg: "none" }))).toBe("algorithm");
    expect(network.requests).toEqual([]);
  });
});
