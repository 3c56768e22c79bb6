// The issuer without a network: what its fetch serves, counts and breaks.
import { createSigningKey, createTestIssuer } from "@scitokens/issuer";
import type { FailMode, TokenProfile } from "@scitokens/issuer";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { wrong } from "./wrong.js";

const OPENID = "https://issuer.test/.well-known/openid-configuration";

describe("createTestIssuer", () => {
  it("mints tokens that its own set verifies, with defaults that suit most tests", async () => {
    const issuer = await createTestIssuer();
    const { payload } = await jwtVerify(await issuer.token(), createLocalJWKSet(issuer.jwks), {
      issuer: issuer.issuer,
    });
    expect(payload).toMatchObject({
      iss: "https://issuer.test",
      sub: "test-subject",
      aud: "https://service.test",
      scope: "read:/",
      ver: "scitoken:2.0",
    });
  });

  it.each<[TokenProfile, string | undefined, string | undefined]>([
    ["scitokens-1", "read:/", undefined],
    ["wlcg", undefined, undefined],
    ["at-jwt", undefined, "test-client"],
  ])("has defaults for %s tokens: scope %s, client_id %s", async (profile, scope, clientId) => {
    const claims = decodeJwt(await (await createTestIssuer()).token({}, { profile }));
    expect([claims.sub, claims.aud, claims.scope, claims.client_id]).toEqual([
      "test-subject",
      "https://service.test",
      scope,
      clientId,
    ]);
  });

  it("lets claims, lifetime, header, clock and a foreign key be chosen", async () => {
    const issuer = await createTestIssuer({ now: () => 1000 });
    const key = await createSigningKey({ kid: "foreign" });
    const token = await issuer.token({ sub: "ada", aud: undefined }, { lifetime: 5, header: { x: 1 }, key });
    expect(decodeJwt(token)).toMatchObject({ sub: "ada", iat: 1000, exp: 1005 });
    expect(decodeJwt(token)).not.toHaveProperty("aud");
    expect(decodeProtectedHeader(token)).toMatchObject({ kid: "foreign", x: 1 });
    expect(issuer.jwks.keys.map(({ kid }) => kid)).not.toContain("foreign");
  });

  it("has a key for each algorithm and signs with the one asked for, the first by default", async () => {
    const issuer = await createTestIssuer({ algs: ["ES384", "EdDSA"] });
    expect(issuer.jwks.keys.map(({ alg }) => alg)).toEqual(["ES384", "EdDSA"]);
    expect(decodeProtectedHeader(await issuer.token()).alg).toBe("ES384");
    expect(decodeProtectedHeader(await issuer.token({}, { alg: "EdDSA" })).alg).toBe("EdDSA");
    await expect(issuer.token({}, { alg: "RS256" })).rejects.toThrow(/no key for alg 'RS256'; it has ES384, EdDSA/);
  });

  it("gives away copies of its set: changing one changes nothing", async () => {
    const issuer = await createTestIssuer();
    issuer.jwks.keys.pop();
    expect(issuer.jwks.keys).toHaveLength(1);
  });

  it("publishes nothing private (I10)", async () => {
    const issuer = await createTestIssuer({ algs: ["RS256", "ES256", "EdDSA"] });
    const names = new Set(issuer.jwks.keys.flatMap((jwk) => Object.keys(jwk)));
    expect([...names].toSorted()).toEqual(["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"]);
  });

  it.each<[object, RegExp]>([
    [{ isuer: "x" }, /unknown option 'isuer'; did you mean 'issuer'\?/],
    [{ algs: [] }, /algs must be a list of at least one/],
    [{ algs: "ES256" }, /algs must be a list/],
    [{ algs: ["HS256"] }, /unknown alg 'HS256'/],
    [{ issuer: "issuer.test" }, /issuer must be an http or https URL/],
    [{ issuer: "https://issuer.test/?a" }, /without user, query or fragment/],
    [{ issuer: "https://u@issuer.test" }, /without user, query or fragment/],
  ])("refuses the options %o", async (options, message) => {
    await expect(createTestIssuer(options)).rejects.toThrow(message);
    await expect(createTestIssuer(options)).rejects.toBeInstanceOf(TypeError);
  });

  it("refuses an unknown option of token and rotate, and key beside alg", async () => {
    const issuer = await createTestIssuer();
    const key = await createSigningKey();
    await expect(issuer.token({}, wrong({ lifetme: 1 }))).rejects.toThrow(/did you mean 'lifetime'/);
    await expect(issuer.token({}, { key, alg: "ES256" })).rejects.toThrow(/'key' or 'alg', not both/);
    await expect(issuer.token(wrong("x"))).rejects.toThrow(/claims must be an object/);
    await expect(issuer.rotate(wrong({ kep: true }))).rejects.toThrow(/did you mean 'keep'/);
  });
});

describe("rotate", () => {
  it("replaces the keys: new tokens verify, old ones no more (I8)", async () => {
    const issuer = await createTestIssuer({ algs: ["ES256", "EdDSA"] });
    const old = await issuer.token();
    const [before] = issuer.jwks.keys;
    await issuer.rotate();
    expect(issuer.jwks.keys.map(({ alg }) => alg)).toEqual(["ES256", "EdDSA"]);
    expect(issuer.jwks.keys.map(({ kid }) => kid)).not.toContain(before?.kid);
    await expect(jwtVerify(old, createLocalJWKSet(issuer.jwks))).rejects.toThrow(/no applicable key/);
    await expect(jwtVerify(await issuer.token(), createLocalJWKSet(issuer.jwks))).resolves.toBeDefined();
  });

  it("keeps the old keys in the set when told, and signs with the new ones", async () => {
    const issuer = await createTestIssuer();
    const old = await issuer.token();
    await issuer.rotate({ keep: true });
    await issuer.rotate({ keep: true });
    expect(issuer.jwks.keys).toHaveLength(3);
    await expect(jwtVerify(old, createLocalJWKSet(issuer.jwks))).resolves.toBeDefined();
    expect(decodeProtectedHeader(await issuer.token()).kid).toBe(issuer.jwks.keys[0]?.kid);
    await issuer.rotate();
    expect(issuer.jwks.keys).toHaveLength(1);
  });
});

describe("fetch of a test issuer", () => {
  it.each([
    ["https://issuer.test", "https://issuer.test", ""],
    ["https://issuer.test/", "https://issuer.test", ""],
    ["https://issuer.test/vo1", "https://issuer.test", "/vo1"],
    ["https://issuer.test/vo1/", "https://issuer.test", "/vo1"],
  ])("serves both metadata forms and the JWKS of %s (I3)", async (issuer, origin, path) => {
    const made = await createTestIssuer({ issuer });
    const jwksUri = `${origin}${path}/jwks`;
    for (const url of [
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- two requests, in order
      const response = await made.fetch(url);
      expect(response.headers.get("content-type")).toBe("application/json");
      // oxlint-disable-next-line no-await-in-loop -- two requests, in order
      expect(await response.json()).toMatchObject({ issuer, jwks_uri: jwksUri });
    }
    expect(await (await made.fetch(jwksUri)).json()).toEqual(made.jwks);
  });

  it("serves with a Cache-Control (I5)", async () => {
    const response = await (await createTestIssuer()).fetch("https://issuer.test/jwks");
    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
  });

  it("works as the fetch of jose, and serves the new keys after a rotation", async () => {
    const issuer = await createTestIssuer();
    await issuer.rotate();
    const keys = createRemoteJWKSet(new URL("https://issuer.test/jwks"), { [customFetch]: issuer.fetch });
    await expect(jwtVerify(await issuer.token(), keys)).resolves.toBeDefined();
  });

  it("counts what it was asked for, failures and strangers included", async () => {
    const { fetch, requests, fail } = await createTestIssuer();
    await fetch(OPENID);
    await fetch(new URL("https://issuer.test/jwks"));
    await expect(fetch(new Request("https://elsewhere.test/x"))).rejects.toThrow("fetch failed");
    fail("down");
    await expect(fetch(OPENID)).rejects.toThrow("fetch failed");
    expect(requests).toEqual([OPENID, "https://issuer.test/jwks", "https://elsewhere.test/x", OPENID]);
  });

  it.each([
    "https://issuer.test.evil/jwks",
    "http://issuer.test/jwks",
    "https://issuer.test/",
    "https://issuer.test/jwks/x",
  ])("refuses the connection to %s", async (url) => {
    const error: unknown = await (await createTestIssuer()).fetch(url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } });
  });

  it("answers HEAD without a body and POST with 405", async () => {
    const { fetch } = await createTestIssuer();
    const head = await fetch(OPENID, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const post = await fetch(new Request(OPENID, { method: "POST" }));
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("rejects with the reason of a signal that is aborted already, and does not count it", async () => {
    const { fetch, requests } = await createTestIssuer();
    await expect(fetch(OPENID, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
    await expect(fetch(new Request(OPENID, { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(requests).toEqual([]);
  });
});

describe("fail", () => {
  it("down: refuses connections (I9)", async () => {
    const { fetch, fail } = await createTestIssuer();
    fail("down");
    await expect(fetch(OPENID)).rejects.toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } });
  });

  it("slow: answers nothing until the signal aborts (I4)", async () => {
    const { fetch, fail } = await createTestIssuer();
    fail("slow");
    const controller = new AbortController();
    let settled = false;
    const pending = fetch(OPENID, { signal: controller.signal }).finally(() => {
      settled = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    controller.abort(new Error("deadline"));
    await expect(pending).rejects.toThrow("deadline");
  });

  it("500: answers with that status", async () => {
    const { fetch, fail } = await createTestIssuer();
    fail("500");
    expect((await fetch(OPENID)).status).toBe(500);
  });

  it("garbage: answers 200 with HTML", async () => {
    const { fetch, fail } = await createTestIssuer();
    fail("garbage");
    const response = await fetch(OPENID);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html"]);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("wrong issuer: the metadata names another, the keys are served (I3)", async () => {
    const { fetch, fail, jwks } = await createTestIssuer();
    fail("wrong issuer");
    expect(await (await fetch(OPENID)).json()).toMatchObject({ issuer: "https://another-issuer.test" });
    expect(await (await fetch("https://issuer.test/jwks")).json()).toEqual(jwks);
  });

  it.each<[FailMode]>([["down"], ["slow"], ["500"], ["garbage"], ["wrong issuer"]])(
    "after %s the issuer gets well again",
    async (mode) => {
      const { fetch, fail, issuer } = await createTestIssuer();
      fail(mode);
      fail(null);
      expect(await (await fetch(OPENID)).json()).toMatchObject({ issuer });
      fail(mode);
      fail();
      expect(await (await fetch(OPENID)).json()).toMatchObject({ issuer });
    },
  );

  it("refuses an unknown mode and names the likely one", async () => {
    const { fail } = await createTestIssuer();
    expect(() => fail(wrong("slwo"))).toThrow(/unknown fail mode 'slwo'; did you mean 'slow'\?/);
  });
});
