// Tokens with any claims, from the development issuer and from whoever speaks as it does.
import { demoToken, parsedDemoToken, TokenError } from "@scitokens/client";
import { createEnforcer } from "@scitokens/core";
import { startDevIssuer } from "@scitokens/issuer";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "./http-servers.js";
import { jwt, NOW } from "./places.js";

describe("with the development issuer", () => {
  it("a payload goes in, and a token comes out that the enforcer takes", async () => {
    for (const path of [undefined, "/vo1"]) {
      const issuer = await startDevIssuer(path === undefined ? {} : { path });
      onTestFinished(() => issuer.close());
      const payload = { sub: "ada", aud: "https://data.example", scope: "read:/store" };
      const token = await demoToken(payload, { service: issuer.issuer });
      const enforcer = createEnforcer({
        issuer: { issuer: issuer.issuer, allowInsecureIssuer: true },
        audience: "https://data.example",
      });
      onTestFinished(() => enforcer.close());
      const verified = await enforcer.verify(token.value);
      expect([verified.subject, verified.allows("read", "/store/a")]).toEqual(["ada", true]);
      expect(token.source).toBe(`the service ${new URL(issuer.issuer).origin}`);
      expect(token.expiresAt).toBe(verified.expiresAt);
    }
  });

  it("the token comes with its claims, unverified", async () => {
    const issuer = await startDevIssuer();
    onTestFinished(() => issuer.close());
    const options = { service: `${issuer.issuer}/`, profile: "wlcg", lifetime: 60 };
    const { token, verified, claims, header } = await parsedDemoToken({ sub: "ada" }, options);
    expect([verified, claims["sub"], claims["wlcg.ver"], header["alg"]]).toEqual([false, "ada", "1.0", "ES256"]);
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(60);
    expect(token.value.split(".")).toHaveLength(3);
  });

  it("what it refuses is told", async () => {
    const issuer = await startDevIssuer();
    onTestFinished(() => issuer.close());
    const options = { service: issuer.issuer, profile: "scitokens-1" };
    await expect(demoToken({ email: "x" }, options)).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/^the service http:\/\/127\.0\.0\.1:\d+ answers 400: .*claim 'email' is unknown/),
    });
  });
});

describe("with another service", () => {
  const opaque = "opaque-token";
  const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => (error instanceof TokenError ? error.code : error));

  it.each<[string, number, string, string | undefined]>([
    ["an answer as of a token endpoint", 200, JSON.stringify({ access_token: opaque, expires_in: 60 }), undefined],
    ["a token alone", 200, `${opaque}\n`, undefined],
    ["201", 201, opaque, undefined],
    ["an answer without a token", 200, "{}", "unusable"],
    ["half of JSON", 200, '{"access_token":"a', "unusable"],
    ["a web page", 200, "<html>", "unusable"],
    ["nothing", 200, "", "unusable"],
    ["403", 403, "", "refused"],
    ["500", 500, "", "unreachable"],
    ["a redirect", 302, "", "unreachable"],
    ["too much", 200, "x".repeat(1_048_577), "unreachable"],
  ])("that answers with %s", async (_name, status, body, code) => {
    const server = await serve(() => ({ status, body, headers: { Location: "/elsewhere" } }));
    const outcome = codeOf(demoToken({ sub: "ada" }, { service: server.url }));
    if (code === undefined) expect(await outcome).toMatchObject({ value: opaque });
    else expect(await outcome).toBe(code);
    expect(server.heard).toHaveLength(1);
    expect(server.heard[0]).toMatchObject({ method: "POST", target: "/issue", body: '{"claims":{"sub":"ada"}}' });
  });

  it("knows when an opaque token ends, and that what is no JWT has no claims", async () => {
    const server = await serve(() => ({ status: 200, body: JSON.stringify({ access_token: opaque, expires_in: 60 }) }));
    const { expiresAt = 0 } = await demoToken({}, { service: server.url });
    expect(Math.abs(expiresAt - 60 - Date.now() / 1000)).toBeLessThan(30);
    expect(await codeOf(parsedDemoToken({}, { service: server.url }))).toBe("unusable");
    const readable = await serve(() => ({ status: 200, body: jwt() }));
    expect((await demoToken({}, { service: readable.url })).expiresAt).toBe(NOW + 600);
  });

  it("asks over https, or this machine, and nobody else", async () => {
    await expect(demoToken({}, { service: "http://issuer.example" })).rejects.toMatchObject({ code: "refused" });
    await expect(demoToken({}, { service: "https://u:p@issuer.example" })).rejects.toThrow(TypeError);
    await expect(demoToken({}, { service: "issuer.example" })).rejects.toThrow(/service must be a URL/);
    await expect(demoToken({}, { servise: "x" } as never)).rejects.toThrow(/did you mean 'service'\?/);
  });

  it("ends when the caller's signal says so, or its time is over", async () => {
    const hanging: typeof fetch = () => new Promise(() => {});
    const options = { service: "https://issuer.example", fetch: hanging };
    const reason = new Error("enough");
    await expect(demoToken({}, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(demoToken({}, { ...options, timeout: 0.01 })).rejects.toMatchObject({ code: "unreachable" });
  });
});
