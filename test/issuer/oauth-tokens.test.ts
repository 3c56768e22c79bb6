// What becomes of a token that is out: revoked, introspected, shown at userinfo. RFC 7009, RFC 7662, OpenID Core 5.3.
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createIssuedTokens } from "../../packages/issuer/src/oauth/grants/issued-tokens.js";
import { rewrite } from "../../packages/issuer/src/oauth/server/rewrite.js";
import { AUDIENCE, byClient, byDevice, post, read, refresh, SERVICE, startOAuth } from "./oauth-running.js";
import type { Reply } from "./oauth-running.js";

const SCOPE = "openid profile offline_access read:/a";
const introspect = (issuer: OAuthIssuer, token: unknown, credentials = SERVICE): Promise<Reply> =>
  post(`${issuer.issuer}/introspect`, { token: String(token) }, credentials);
const userinfo = async (issuer: OAuthIssuer, token: unknown): Promise<Reply> =>
  read(await fetch(`${issuer.issuer}/userinfo`, { headers: { authorization: `Bearer ${String(token)}` } }));
const revoke = (issuer: OAuthIssuer, token: unknown): Promise<Reply> =>
  post(`${issuer.issuer}/revoke`, { token: String(token), client_id: "demo" });

describe("introspection", () => {
  it("says what an access token itself says", async () => {
    const issuer = await startOAuth();
    for (const reply of [
      await byDevice(issuer, { scope: SCOPE, audience: AUDIENCE }),
      await byClient(issuer, { scope: "read:/a", audience: AUDIENCE }),
    ]) {
      const token = String(reply.body["access_token"]);
      const { payload } = await jwtVerify(token, createLocalJWKSet(issuer.jwks));
      expect((await introspect(issuer, token)).body).toEqual({ ...payload, active: true, token_type: "Bearer" });
    }
  });

  it("says what a refresh token can get, to its own client alone where that has no secret", async () => {
    const issuer = await startOAuth();
    const { body } = await byDevice(issuer, { scope: SCOPE });
    const answer = await introspect(issuer, body["refresh_token"]);
    expect(answer.body).toMatchObject({ active: true, scope: SCOPE, sub: "alice", client_id: "demo" });
    const token = String(body["access_token"]);
    const own = await post(`${issuer.issuer}/introspect`, { token, client_id: "demo" });
    expect(own.body).toMatchObject({ active: true });
    const service = await byClient(issuer);
    const other = await post(`${issuer.issuer}/introspect`, {
      token: String(service.body["access_token"]),
      client_id: "demo",
    });
    expect(other.body).toEqual({ active: false });
  });

  it.each(["x.y.z", "nothing", "unknown"])("says of %s that it is not active", async (token) => {
    expect((await introspect(await startOAuth(), token)).body).toEqual({ active: false });
  });

  it("is refused to strangers", async () => {
    const issuer = await startOAuth();
    expect((await introspect(issuer, "x", "demo-service:wrong")).status).toBe(401);
  });
});

describe("revocation", () => {
  it("ends an access token, and the refresh token that came with it", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: SCOPE });
    expect((await userinfo(issuer, first.body["access_token"])).status).toBe(200);
    expect((await revoke(issuer, first.body["access_token"])).status).toBe(200);
    expect((await introspect(issuer, first.body["access_token"])).body).toEqual({ active: false });
    expect((await userinfo(issuer, first.body["access_token"])).status).toBe(401);
    expect((await refresh(issuer, first)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("of a refresh token ends all that came of it", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: SCOPE });
    expect((await revoke(issuer, first.body["refresh_token"])).status).toBe(200);
    expect((await refresh(issuer, first)).body).toMatchObject({ error: "invalid_grant" });
    expect((await introspect(issuer, first.body["access_token"])).body).toEqual({ active: false });
  });

  it("of another client's token changes nothing", async () => {
    const issuer = await startOAuth();
    const { body } = await byClient(issuer, { scope: "read:/" });
    expect((await revoke(issuer, body["access_token"])).status).toBe(200); // RFC 7009 2.2
    expect((await introspect(issuer, body["access_token"])).body).toMatchObject({ active: true });
  });
});

it("a token's name inside the issuer opens nothing, should anybody learn it", () => {
  const issued = createIssuedTokens(() => 0);
  const headers = { authorization: "Bearer name-inside" };
  const parts = { method: "GET", path: "/userinfo", query: "", headers, body: Buffer.alloc(0) };
  expect(rewrite(parts, issued).headers?.authorization).toBe("Bearer unknown");
});

describe("userinfo", () => {
  it("says who it is, as far as was asked for", async () => {
    const issuer = await startOAuth({ users: [{ sub: "ada", name: "Ada L." }] });
    const all = await byDevice(issuer, { scope: SCOPE, audience: AUDIENCE });
    expect((await userinfo(issuer, all.body["access_token"])).body).toEqual({
      sub: "ada",
      name: "Ada L.",
      preferred_username: "ada",
    });
    const some = await byDevice(issuer, { scope: "openid read:/" });
    expect((await userinfo(issuer, some.body["access_token"])).body).toEqual({ sub: "ada" });
    const none = await byDevice(issuer, { scope: "read:/" });
    expect((await userinfo(issuer, none.body["access_token"])).status).toBe(403);
  });

  it("takes no name that a token has inside the issuer, nor what is in the token", async () => {
    const issuer = await startOAuth();
    const { body } = await byDevice(issuer, { scope: SCOPE });
    const [, payload = ""] = String(body["access_token"]).split(".");
    const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString());
    for (const token of [jti, "unknown", await issuer.token({ scope: "openid" })])
      expect((await userinfo(issuer, token)).status).toBe(401);
  });
});

it("a rotation of the keys leaves grants alone; new tokens and ID tokens have the new key (I8)", async () => {
  const issuer = await startOAuth({ algs: ["ES256", "RS256"] });
  const first = await byDevice(issuer, { scope: SCOPE });
  await issuer.rotate();
  const second = await refresh(issuer, first);
  expect(second.status).toBe(200);
  const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`));
  await expect(jwtVerify(String(first.body["access_token"]), keys)).rejects.toThrow(/no applicable key/);
  await expect(jwtVerify(String(second.body["access_token"]), keys)).resolves.toBeDefined();
  await expect(jwtVerify(String(second.body["id_token"]), keys)).resolves.toBeDefined();
});
