// One token for another: narrower, for another service, never wider. RFC 8693, ADR 0015.
import { createSigningKey, createToken } from "@scitokens/issuer";
import type { TokenClaims } from "@scitokens/issuer";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { ACCESS_TOKEN, AUDIENCE, byDevice, EXCHANGE, exchange, post, startOAuth, verified } from "./oauth-running.js";
import type { Form } from "./oauth-running.js";

const broad = { sub: "ada", aud: "ANY", scope: "read:/a write:/w" };

describe("a token exchange", () => {
  it("gives a narrower token for one service, with the one who acts (S4)", async () => {
    const issuer = await startOAuth();
    const device = await byDevice(issuer, { scope: "read:/a write:/w" });
    const reply = await exchange(issuer, String(device.body["access_token"]), {
      scope: "read:/a/b",
      audience: AUDIENCE,
    });
    expect(reply.body).toMatchObject({ issued_token_type: ACCESS_TOKEN, token_type: "Bearer", scope: "read:/a/b" });
    expect(reply.body).not.toHaveProperty("refresh_token");
    const token = await verified(issuer, reply);
    expect(token.claims).toMatchObject({
      sub: "alice",
      aud: AUDIENCE,
      scope: "read:/a/b",
      act: { sub: "demo-service" },
    });
    const again = await exchange(issuer, String(reply.body["access_token"]), { scope: "read:/a/b/c" });
    expect(decodeJwt(String(again.body["access_token"]))).toMatchObject({
      scope: "read:/a/b/c",
      aud: AUDIENCE,
      act: { sub: "demo-service", act: { sub: "demo-service" } },
    });
  });

  it("gives no token that outlives the old one", async () => {
    const issuer = await startOAuth();
    const subject = await issuer.token(broad, { lifetime: 30 });
    const reply = await exchange(issuer, subject);
    const old = decodeJwt(subject).exp ?? 0;
    expect(decodeJwt(String(reply.body["access_token"])).exp).toBeLessThanOrEqual(old);
    expect(reply.body["scope"]).toBe("read:/a write:/w");
  });

  it.each<[string, TokenClaims, Form, string]>([
    ["a sister of its path", broad, { scope: "read:/ab" }, "invalid_scope"],
    ["a directory above", broad, { scope: "read:/" }, "invalid_scope"],
    ["another capability", broad, { scope: "read:/a storage.stage:/" }, "invalid_scope"],
    ["a refresh token", broad, { scope: "read:/a offline_access" }, "invalid_scope"],
    ["groups it does not have", broad, { scope: "wlcg.groups" }, "invalid_scope"],
    ["another service", { ...broad, aud: "https://other.example" }, { audience: AUDIENCE }, "invalid_target"],
    ["every service", { ...broad, aud: AUDIENCE }, { audience: "ANY" }, "invalid_target"],
  ])("refuses %s", async (_, claims, form, error) => {
    const issuer = await startOAuth();
    expect((await exchange(issuer, await issuer.token(claims), form)).body).toMatchObject({ error });
  });

  it("reaches another service where the client may name it", async () => {
    const clients = [{ clientId: "portal", clientSecret: "s", audience: [AUDIENCE] }];
    const issuer = await startOAuth({ clients });
    const subject = await issuer.token({ ...broad, aud: "https://portal.example" });
    const reply = await exchange(issuer, subject, { audience: AUDIENCE, scope: "read:/a" }, "portal:s");
    expect((await verified(issuer, reply)).subject).toBe("ada");
  });

  it("lets groups have no say that had none beside capabilities (S7)", async () => {
    const issuer = await startOAuth();
    const claims = { sub: "ada", aud: AUDIENCE, "wlcg.groups": ["/cms", "/lhcb"] };
    const both = await issuer.token({ ...claims, scope: "storage.read:/a" }, { profile: "wlcg" });
    expect((await exchange(issuer, both, { scope: "wlcg.groups" })).body).toMatchObject({ error: "invalid_scope" });
    const kept = await exchange(issuer, both, { scope: "wlcg.groups:/cms storage.read:/a/b" });
    expect(await verified(issuer, kept)).toMatchObject({ groups: ["/cms"], scopes: ["storage.read:/a/b"] });
    const alone = await issuer.token(claims, { profile: "wlcg" });
    expect((await verified(issuer, await exchange(issuer, alone, { scope: "wlcg.groups:/lhcb" }))).groups).toEqual([
      "/lhcb",
    ]);
    expect((await exchange(issuer, alone, { scope: "wlcg.groups:/cms/uscms" })).body).toMatchObject({
      error: "invalid_scope",
    });
  });

  it("takes no token that is revoked, expired, forged, of another issuer, of an older key, or of a plain profile", async () => {
    const issuer = await startOAuth();
    const revoked = String((await byDevice(issuer, { scope: "read:/" })).body["access_token"]);
    await post(`${issuer.issuer}/revoke`, { token: revoked, client_id: "demo" });
    const key = await createSigningKey({ kid: issuer.jwks.keys[0]?.kid });
    const good = await issuer.token(broad);
    const tokens = {
      revoked,
      expired: await issuer.token({ ...broad, exp: 1 }),
      early: await issuer.token({ ...broad, nbf: 4_000_000_000 }),
      forged: await createToken(broad, { key, issuer: issuer.issuer }),
      foreign: await issuer.token({ ...broad, iss: "https://other.example" }),
      plain: await issuer.token({ ...broad, client_id: "x" }, { profile: "at-jwt" }),
      older: await issuer.token(broad, { profile: "scitokens-1" }),
      garbage: "a.b.c",
    };
    for (const [name, token] of Object.entries(tokens))
      expect([name, (await exchange(issuer, token)).body["error"]]).toEqual([name, "invalid_request"]);
    expect((await exchange(issuer, good)).status).toBe(200);
    await issuer.rotate();
    expect((await exchange(issuer, good)).body).toMatchObject({ error: "invalid_request" });
  });

  it("is only for those whom may_act names", async () => {
    const issuer = await startOAuth();
    const other = await issuer.token({ ...broad, may_act: { sub: "portal" } });
    const own = await issuer.token({ ...broad, may_act: { sub: "demo-service" } });
    expect((await exchange(issuer, other)).body).toMatchObject({ error: "invalid_request" });
    expect((await exchange(issuer, own)).status).toBe(200);
  });

  it("is not for clients without a secret, and not for other kinds of token", async () => {
    const issuer = await startOAuth();
    const token = await issuer.token(broad);
    const form = { grant_type: EXCHANGE, subject_token: token, subject_token_type: ACCESS_TOKEN };
    expect((await post(`${issuer.issuer}/token`, { ...form, client_id: "demo" })).status).toBe(400);
    const more = [
      { subject_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
      { requested_token_type: "urn:ietf:params:oauth:token-type:id_token" },
      { actor_token: token, actor_token_type: ACCESS_TOKEN },
      { subject_token: "" },
    ];
    for (const wrong of more)
      expect((await exchange(issuer, token, wrong)).body).toMatchObject({ error: "invalid_request" });
  });
});
