// Each way to a token of the OAuth issuer, through real HTTP, and judged by the enforcer of a service.
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  randomPKCECodeVerifier,
  refreshTokenGrant,
} from "openid-client";
import { describe, expect, it } from "vitest";
import {
  askForDevice,
  AUDIENCE,
  byClient,
  byDevice,
  clientOf,
  createBrowser,
  pollDevice,
  post,
  refresh,
  startOAuth,
  verified,
} from "./oauth-running.js";

const REDIRECT = "http://127.0.0.1:3999/callback"; // nobody listens: the browser stops there

describe("client credentials", () => {
  it("give a token that an enforcer takes (P2)", async () => {
    const issuer = await startOAuth({ path: "/vo1" });
    const reply = await byClient(issuer, { scope: "read:/store", audience: AUDIENCE });
    expect(reply.body).toMatchObject({ token_type: "Bearer", expires_in: 600, scope: "read:/store" });
    expect(reply.headers.get("cache-control")).toBe("no-store");
    const token = await verified(issuer, reply);
    expect(token).toMatchObject({ issuer: issuer.issuer, subject: "demo-service", profile: "scitokens-2" });
    expect([token.allows("read", "/store/x"), token.allows("read", "/storex")]).toEqual([true, false]);
    expect(Object.keys(token.claims).toSorted()).toEqual(
      ["aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "scope", "sub", "ver"].toSorted(),
    );
    expect([token.claims["exp"], token.claims["nbf"], token.claims["iat"]].every(Number.isInteger)).toBe(true);
    expect(token.header.kid).toBe(issuer.jwks.keys[0]?.kid);
  });

  it("give everything that the client may have where it asks for nothing, but nothing that is a person's", async () => {
    const clients = [{ clientId: "x", clientSecret: "y", scope: "openid offline_access queue wlcg.groups read:/a" }];
    const issuer = await startOAuth({ clients });
    const reply = await post(`${issuer.issuer}/token`, { grant_type: "client_credentials" }, "x:y");
    expect(reply.body).toMatchObject({ scope: "queue read:/a" });
    expect(reply.body).not.toHaveProperty("refresh_token");
  });

  it("speak openid-client", async () => {
    const issuer = await startOAuth();
    const client = await clientOf(issuer, "demo-service", "demo-secret");
    const tokens = await clientCredentialsGrant(client, { scope: "read:/x", resource: AUDIENCE });
    const reply = { status: 200, headers: new Headers(), body: { ...tokens } };
    expect((await verified(issuer, reply)).scopes).toEqual(["read:/x"]);
  });
});

describe("a device code", () => {
  it("gives tokens to a person's program (P2)", async () => {
    const issuer = await startOAuth();
    const client = await clientOf(issuer, "demo");
    const device = await initiateDeviceAuthorization(client, { scope: "openid storage.read:/", audience: AUDIENCE });
    expect(device).toMatchObject({ expires_in: 600, verification_uri: `${issuer.issuer}/device` });
    const tokens = await pollDeviceAuthorizationGrant(client, device);
    expect(tokens.claims()).toMatchObject({ iss: issuer.issuer, sub: "alice", aud: "demo" });
    const token = await verified(issuer, { status: 200, headers: new Headers(), body: { ...tokens } });
    expect([token.subject, token.allows("storage.read", "/x")]).toEqual(["alice", true]);
  });

  const person = async (answer: object): Promise<{ page: string; done: string; tokens: { body: object } }> => {
    const issuer = await startOAuth({
      approve: "ask",
      path: "/vo1",
      users: [{ sub: "ada" }, { sub: "bob", name: "<b>" }],
    });
    const device = await askForDevice(issuer, { scope: "read:/store", audience: AUDIENCE });
    expect((await pollDevice(issuer, device)).body).toMatchObject({ error: "authorization_pending" });
    const browser = createBrowser(issuer.url);
    const code = String(device.body["user_code"]);
    const page = await (await browser.get(String(device.body["verification_uri_complete"]))).text();
    const done = await browser.submit(`${issuer.issuer}/device`, { user_code: code, ...answer });
    return { page, done: await done.text(), tokens: await pollDevice(issuer, device) };
  };

  it("asks a person on a page without scripts", async () => {
    const { page, done, tokens } = await person({ user: "bob", answer: "allow" });
    expect(page).toContain("The program demo asks for tokens, at: https://data.example.");
    expect(page).toContain("They may say: read:/store");
    expect(page).not.toMatch(/<script|<b>|onload/);
    expect(done).toContain("The program has its answer.");
    expect(tokens.body).toMatchObject({ token_type: "Bearer", scope: "read:/store" });
  });

  it.each([{ user: "bob", answer: "deny" }, { user: "eve", answer: "allow" }, { answer: "allow" }])(
    "gives nothing for the answer %o",
    async (answer) => {
      const { done, tokens } = await person(answer);
      expect(done).toContain("Nothing was allowed.");
      expect(tokens.body).toMatchObject({ error: "access_denied" });
    },
  );

  it("is taken as people type it, is used once, and a wrong one leads nowhere", async () => {
    const issuer = await startOAuth({ approve: "ask" });
    const device = await askForDevice(issuer, { scope: "read:/" });
    const browser = createBrowser(issuer.url);
    const typed = String(device.body["user_code"]).toLowerCase().replace("-", " ");
    const page = `${issuer.issuer}/device`;
    expect(await (await browser.get(page)).text()).toContain("Enter the code");
    expect((await browser.submit(page, { user_code: "BBBB-BBBB" })).status).toBe(404);
    expect(await (await browser.submit(page, { user_code: typed })).text()).toContain("Allow access?");
    const allow = { user_code: typed, user: "alice", answer: "allow" };
    expect((await browser.submit(page, allow)).status).toBe(200);
    expect((await browser.submit(page, allow)).status).toBe(404);
    expect((await pollDevice(issuer, device)).status).toBe(200);
    expect((await pollDevice(issuer, device)).body).toMatchObject({ error: "invalid_grant" });
  });
});

describe("an authorization code", () => {
  it.each(["everyone", "ask"] as const)("comes by PKCE, where %s allows it", async (approve) => {
    const issuer = await startOAuth({ approve, path: "/vo1", profile: "wlcg" });
    const client = await clientOf(issuer, "demo");
    const pkceCodeVerifier = randomPKCECodeVerifier();
    const url = buildAuthorizationUrl(client, {
      redirect_uri: REDIRECT,
      scope: "openid offline_access storage.read:/data",
      audience: AUDIENCE,
      code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: "xyz",
    });
    const browser = createBrowser(issuer.url);
    let response = await browser.get(url.href);
    if (approve === "ask") {
      expect(await response.text()).toContain("They may say: openid offline_access storage.read:/data");
      response = await browser.submit(response.url, { user: "alice", answer: "allow" });
    }
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe(REDIRECT);
    const tokens = await authorizationCodeGrant(client, location, { pkceCodeVerifier, expectedState: "xyz" });
    expect(tokens.claims()?.sub).toBe("alice");
    const again = await refreshTokenGrant(client, tokens.refresh_token ?? "", { scope: "storage.read:/data/x" });
    const token = await verified(issuer, { status: 200, headers: new Headers(), body: { ...again } });
    expect([token.profile, token.scopes, token.audience]).toEqual(["wlcg", ["storage.read:/data/x"], [AUDIENCE]]);
  });

  const s256 = { code_challenge: "x".repeat(43), code_challenge_method: "S256" };
  const errors = {
    "without a challenge": [{}, "invalid_request"],
    "without a challenge, to a client with a secret": [{ client_id: "demo-service" }, "invalid_request"],
    "with a plain challenge": [{ ...s256, code_challenge_method: "plain" }, "invalid_request"],
    "with a challenge of no method": [{ code_challenge: s256.code_challenge }, "invalid_request"],
    "for a scope that the client may not have": [{ ...s256, scope: "admin:/" }, "invalid_scope"],
  } as const;
  it.each(Object.entries(errors))("does not come %s", async (_, [more, error]) => {
    const issuer = await startOAuth();
    const parameters = { client_id: "demo", response_type: "code", redirect_uri: REDIRECT, scope: "read:/" };
    const query = new URLSearchParams({ ...parameters, ...more });
    const response = await createBrowser(issuer.url).get(`${issuer.issuer}/authorize?${query.toString()}`);
    expect(new URL(response.headers.get("location") ?? "").searchParams.get("error")).toBe(error);
  });

  it("comes for everything that the client may have, where it asks for nothing", async () => {
    const clients = [{ clientId: "demo", scope: "read:/a queue" }];
    const issuer = await startOAuth({ clients });
    const query = new URLSearchParams({ client_id: "demo", response_type: "code", redirect_uri: REDIRECT });
    query.set("code_challenge", await calculatePKCECodeChallenge("x".repeat(43)));
    query.set("code_challenge_method", "S256");
    const response = await createBrowser(issuer.url).get(`${issuer.issuer}/authorize?${query.toString()}`);
    const code = new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", client_id: "demo", redirect_uri: REDIRECT, code };
    const tokens = await post(`${issuer.issuer}/token`, { ...form, code_verifier: "x".repeat(43) });
    expect(tokens.body).toMatchObject({ scope: "read:/a queue" });
    expect(tokens.body).not.toHaveProperty("refresh_token");
  });

  it.each([{}, { code_verifier: "y".repeat(43) }])("is worth nothing with the verifier %o", async (more) => {
    const issuer = await startOAuth();
    const challenge = await calculatePKCECodeChallenge("x".repeat(43));
    const parameters = { client_id: "demo", response_type: "code", redirect_uri: REDIRECT, scope: "read:/" };
    const query = new URLSearchParams({ ...parameters, code_challenge: challenge, code_challenge_method: "S256" });
    const response = await createBrowser(issuer.url).get(`${issuer.issuer}/authorize?${query.toString()}`);
    const code = new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const form = { grant_type: "authorization_code", client_id: "demo", redirect_uri: REDIRECT, code, ...more };
    expect((await post(`${issuer.issuer}/token`, form)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("is a matter of who says so now, not of who did before in the same browser", async () => {
    const issuer = await startOAuth({ approve: "ask", users: [{ sub: "ada" }, { sub: "bob" }] });
    const challenge = await calculatePKCECodeChallenge("x".repeat(43));
    const query = new URLSearchParams({
      client_id: "demo",
      response_type: "code",
      redirect_uri: REDIRECT,
      scope: "openid",
    });
    query.set("code_challenge", challenge);
    query.set("code_challenge_method", "S256");
    const browser = createBrowser(issuer.url);
    for (const user of ["ada", "bob"]) {
      const asked = await browser.get(`${issuer.issuer}/authorize?${query.toString()}`);
      const answer = await browser.submit(asked.url, { user, answer: "allow" });
      const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
      const form = { grant_type: "authorization_code", client_id: "demo", redirect_uri: REDIRECT, code };
      const tokens = await post(`${issuer.issuer}/token`, { ...form, code_verifier: "x".repeat(43) });
      expect((await verified(issuer, tokens)).subject).toBe(user);
    }
  });

  it("is refused to a person who denies it, and to a stranger's address", async () => {
    const issuer = await startOAuth({ approve: "ask" });
    const challenge = await calculatePKCECodeChallenge(randomPKCECodeVerifier());
    const query = new URLSearchParams({
      client_id: "demo",
      response_type: "code",
      redirect_uri: REDIRECT,
      scope: "read:/",
    });
    query.set("code_challenge", challenge);
    query.set("code_challenge_method", "S256");
    const browser = createBrowser(issuer.url);
    const asked = await browser.get(`${issuer.issuer}/authorize?${query.toString()}`);
    const denied = await browser.submit(asked.url, { user: "alice", answer: "deny" });
    expect(new URL(denied.headers.get("location") ?? "").searchParams.get("error")).toBe("access_denied");
    query.set("redirect_uri", "https://evil.example/callback");
    const stranger = await browser.get(`${issuer.issuer}/authorize?${query.toString()}`);
    expect([stranger.status, stranger.headers.get("location")]).toEqual([400, null]);
  });
});

describe("a refresh token", () => {
  it("comes with offline_access only, and is used once: a second use ends all of it", async () => {
    const issuer = await startOAuth();
    expect((await byDevice(issuer, { scope: "read:/" })).body).not.toHaveProperty("refresh_token");
    const first = await byDevice(issuer, { scope: "offline_access read:/" });
    const second = await refresh(issuer, first);
    expect(second.body["refresh_token"]).not.toBe(first.body["refresh_token"]);
    expect((await refresh(issuer, first)).body).toMatchObject({ error: "invalid_grant" });
    expect((await refresh(issuer, second)).body).toMatchObject({ error: "invalid_grant" });
  });

  it("is still good after a request that asked for too much", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: "offline_access read:/a" });
    expect((await refresh(issuer, first, { scope: "read:/ab" })).body).toMatchObject({ error: "invalid_scope" });
    expect((await refresh(issuer, first, { scope: "read:/a/b" })).body).toMatchObject({ scope: "read:/a/b" });
  });

  it("keeps all of its grant, however little the last token had", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: "offline_access read:/" });
    const narrow = await refresh(issuer, first, { scope: "read:/a", audience: "https://one.example" });
    const wide = await refresh(issuer, narrow, { scope: "read:/b", audience: AUDIENCE });
    expect((await verified(issuer, wide)).scopes).toEqual(["read:/b"]);
  });

  it("is no use to another client", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: "offline_access read:/" });
    const form = { grant_type: "refresh_token", refresh_token: String(first.body["refresh_token"]) };
    const stolen = await post(`${issuer.issuer}/token`, form, "demo-service:demo-secret");
    expect(stolen.body).toMatchObject({ error: "invalid_grant" });
  });
});
