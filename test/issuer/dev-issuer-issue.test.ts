// POST /issue of a development issuer: the tokens it gives, and whom it refuses.
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { issue, JSON_TYPE, read, send, start } from "./running.js";

const blank = (bytes: number): string => `{}${" ".repeat(bytes - 2)}`;

describe("POST /issue", () => {
  it("answers with a token, its scope and its remaining seconds", async () => {
    const issuer = await start({ path: "/vo1", algs: ["ES256", "EdDSA"] });
    const claims = { sub: "ada", aud: "https://a.test", scope: ["storage.read:/", "storage.create:/x"], extra: [1] };
    const reply = await issue(issuer, { claims, profile: "wlcg", lifetime: 60, alg: "EdDSA" });
    expect([reply.status, reply.headers["content-type"], reply.headers["cache-control"]]).toEqual([
      200,
      "application/json",
      "no-store",
    ]);
    const answer = read(reply);
    expect(answer).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: expect.any(Number),
      scope: "storage.read:/ storage.create:/x",
    });
    expect(answer.expires_in).toBeGreaterThan(50);
    expect(answer.expires_in).toBeLessThanOrEqual(60);
    const token = String(answer.access_token);
    await jwtVerify(token, createLocalJWKSet(issuer.jwks), { issuer: issuer.issuer });
    expect(decodeProtectedHeader(token).alg).toBe("EdDSA");
    expect(decodeJwt(token)).toMatchObject({ sub: "ada", "wlcg.ver": "1.0", extra: [1] });
  });

  it("takes an empty object, and never promises an expired token a life", async () => {
    const issuer = await start();
    const plain = read(await issue(issuer, {}));
    expect(decodeJwt(String(plain.access_token))).toMatchObject({ aud: "https://service.test", scope: "read:/" });
    const expired = read(await issue(issuer, { claims: { exp: 1 } }));
    expect(expired.expires_in).toBe(0);
  });

  it.each<[string, unknown, RegExp]>([
    ["bad JSON", '{"claims":', /not JSON/],
    ["nothing", "", /not JSON/],
    ["a list", "[]", /must be a JSON object/],
    ["an unknown member", { scope: "read:/" }, /unknown member 'scope'; known: claims, profile, lifetime, alg/],
    ["a misspelt member", { claim: {} }, /unknown member 'claim'; did you mean 'claims'\?/],
    ["claims that are a list", { claims: [] }, /'claims' must be an object/],
    ["a lifetime of text", { lifetime: "600" }, /'lifetime' must be a number/],
    ["a lifetime below 1", { lifetime: 0 }, /lifetime \(seconds\) must be a whole number/],
    ["an unknown profile", { profile: "wlgc" }, /did you mean 'wlcg'/],
    ["an alg without a key", { alg: "RS256" }, /no key for alg 'RS256'/],
    [
      "a claim that scitokens-1 refuses",
      { profile: "scitokens-1", claims: { email: "x" } },
      /claim 'email' is unknown/,
    ],
  ])("answers %s with 400 and a sentence", async (_what, body, message) => {
    const reply = await issue(await start(), body);
    expect([reply.status, reply.headers["content-type"]]).toEqual([400, "application/problem+json"]);
    expect(read(reply).detail).toMatch(message);
  });

  it("answers text that is not UTF-8 with 400", async () => {
    const { issuer } = await start();
    const body = Buffer.concat([Buffer.from('{"claims":{"sub":"'), Buffer.from([0xff]), Buffer.from('"}}')]);
    const response = await fetch(`${issuer}/issue`, { method: "POST", headers: JSON_TYPE, body });
    expect(response.status).toBe(400);
  });

  it("answers a body above 64 KiB with 413, one of 64 KiB not", async () => {
    const issuer = await start();
    expect((await issue(issuer, blank(65_536))).status).toBe(200);
    expect((await issue(issuer, blank(65_537))).status).toBe(413);
    expect((await issue(issuer, blank(2_000_000))).status).toBe(413);
  });

  it.each<[Record<string, string>, number]>([
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": "application/x-www-form-urlencoded" }, 415],
    [{ "content-type": "application/jsonp" }, 415],
    [{ "content-encoding": "gzip" }, 415],
    [{ "content-type": "Application/JSON; charset=utf-8" }, 200],
  ])("answers a request with %o with %i", async (headers, status) => {
    expect((await issue(await start(), {}, headers)).status).toBe(status);
  });
});

describe("a development issuer refuses", () => {
  it.each<[Record<string, string>, number]>([
    [{ origin: "https://evil.test" }, 403],
    [{ origin: "http://localhost:3000" }, 403],
    [{ origin: "null" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "none" }, 200],
  ])("web pages of another origin: %o gets %i", async (headers, status) => {
    expect((await issue(await start(), {}, headers)).status).toBe(status);
  });

  it("no page of its own origin", async () => {
    const issuer = await start();
    expect((await issue(issuer, {}, { origin: issuer.url })).status).toBe(200);
  });

  it.each([
    ["evil.test", 421],
    ["localhost.evil.test", 421],
    ["127.0.0.1.evil.test", 421],
    ["10.0.0.1:8080", 421],
    ["[::2]", 421],
    ["localhost:1", 200],
    ["LOCALHOST", 200],
    ["127.1.2.3", 200],
    ["[::1]:8080", 200],
  ])("a Host that is no loopback name: %s gets %i", async (host, status) => {
    const issuer = await start();
    expect((await issue(issuer, {}, { host })).status).toBe(status);
    expect((await send(`${issuer.issuer}/jwks`, "GET", { host })).status).toBe(status);
  });
});
