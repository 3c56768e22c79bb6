// Clients: those of the options, those that register, and how each shows who it is. RFC 6749 2.3, RFC 7591, RFC 7592.
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  askForDevice,
  byDevice,
  pollDevice,
  post,
  read,
  refresh,
  register,
  startOAuth,
  verified,
} from "./oauth-running.js";
import type { Reply } from "./oauth-running.js";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const send = async (method: string, url: unknown, token: unknown, body?: object): Promise<Reply> =>
  read(
    await fetch(String(url), {
      method,
      headers: { authorization: `Bearer ${String(token)}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
// As oidc-agent 4 sends it.
const AGENT = {
  application_type: "web",
  client_name: "oidc-agent:x",
  response_types: ["code"],
  grant_types: ["refresh_token", DEVICE, "authorization_code"],
  scope: "openid offline_access storage.read:/ storage.modify:/data",
  redirect_uris: ["http://localhost:4242", "edu.kit.data.oidc-agent:/redirect"],
};

describe("a client that registers", () => {
  it("may have the paths it registered, and no others (S4)", async () => {
    const issuer = await startOAuth({ path: "/vo1", profile: "wlcg" });
    const client = await register(issuer, AGENT);
    expect(client.status).toBe(201);
    expect(client.body).toMatchObject({ scope: AGENT.scope, application_type: "native" });
    expect(Object.values(client.body)).not.toContain(false); // oidc-agent 4 cannot store one
    const credentials = `${String(client.body["client_id"])}:${String(client.body["client_secret"])}`;
    const ask = (scope: string): Promise<Reply> =>
      post(`${issuer.issuer}/device_authorization`, { scope }, credentials);
    expect((await ask("storage.modify:/datax")).body).toMatchObject({ error: "invalid_scope" });
    const device = await ask("storage.modify:/data/x");
    const form = { grant_type: DEVICE, device_code: String(device.body["device_code"]) };
    const tokens = await post(`${issuer.issuer}/token`, form, credentials);
    const token = await verified(issuer, tokens, "https://any.example");
    expect([token.subject, token.scopes]).toEqual(["alice", ["storage.modify:/data/x"]]);
  });

  it("can be read, changed and removed with its own token", async () => {
    const issuer = await startOAuth({ path: "/vo1" });
    const { body } = await register(issuer, AGENT);
    const { registration_client_uri: url, registration_access_token: token } = body;
    expect(url).toMatch(`${issuer.issuer}/register/`);
    expect((await send("GET", url, token)).body).toMatchObject({ scope: AGENT.scope });
    const { client_id, client_secret } = body;
    const changed = await send("PUT", url, token, { ...AGENT, client_id, client_secret, scope: "read:/a" });
    expect([changed.status, changed.body["scope"]]).toEqual([200, "read:/a"]);
    expect((await send("GET", url, "wrong")).status).toBe(401);
    expect((await send("DELETE", url, token)).status).toBe(204);
    expect((await send("GET", url, token)).status).toBe(401);
  });

  it.each([
    [{ scope: "read:/../x" }, "could be read in two ways"],
    [{ scope: "storage.read" }, "needs a path"],
    [{ scope: 5 }, "scope must be a string"],
    [{ scitokens_profile: "jwt" }, "must be scitokens-2 or wlcg"],
    [{ redirect_uris: ["javascript:alert(1)"] }, "must not use the javascript"],
    [{ grant_types: ["password"] }, "grant_types can only contain"],
  ])("is refused with %o", async (more, sentence) => {
    const { status, body } = await register(await startOAuth(), { ...AGENT, ...more });
    expect([status, body["error_description"]]).toEqual([400, expect.stringContaining(sentence)]);
  });

  it("is a program on this machine or a site, by where it is called back", async () => {
    const issuer = await startOAuth();
    const typeOf = async (uri: string): Promise<unknown> =>
      (await register(issuer, { redirect_uris: [uri] })).body["application_type"];
    expect(await typeOf("http://[::1]:1/x")).toBe("native");
    expect(await typeOf("http://localhost")).toBe("native");
    expect(await typeOf("https://app.example/x")).toBe("web");
    expect(await typeOf("http://localhost.example:80/x")).toBe("web");
  });

  it("makes the issuer fetch nothing", async () => {
    const issuer = await startOAuth();
    const fetching = vi.spyOn(globalThis, "fetch");
    onTestFinished(() => fetching.mockRestore());
    const sector = "https://sector.invalid/uris.json";
    const { body } = await register(issuer, { ...AGENT, sector_identifier_uri: sector });
    expect(body["error"]).toBe("invalid_client_metadata");
    expect(fetching.mock.calls.map(([url]) => url)).toEqual([`${issuer.issuer}/register`]);
  });

  it("may choose the kind of its tokens", async () => {
    const issuer = await startOAuth();
    const wanted = { grant_types: ["client_credentials"], response_types: [], scope: "storage.read:/" };
    const { body } = await register(issuer, { ...wanted, scitokens_profile: "wlcg" });
    const credentials = `${String(body["client_id"])}:${String(body["client_secret"])}`;
    const tokens = await post(`${issuer.issuer}/token`, { grant_type: "client_credentials" }, credentials);
    expect((await verified(issuer, tokens, "x")).profile).toBe("wlcg");
  });
});

describe("a client shows who it is", () => {
  const form = { grant_type: "client_credentials", scope: "read:/" };
  const clients = [{ clientId: "a b:c", clientSecret: "s%&+" }, { clientId: "public" }];

  it("with its secret in the header or in the form, encoded as the standard says", async () => {
    const issuer = await startOAuth({ clients });
    expect((await post(`${issuer.issuer}/token`, form, "a+b%3Ac:s%25%26%2B")).status).toBe(200);
    const secret = { client_id: "a b:c", client_secret: "s%&+" };
    expect((await post(`${issuer.issuer}/token`, { ...form, ...secret })).status).toBe(200);
  });

  it.each([
    ["a+b%3Ac:wrong", {}, 401],
    ["a+b%3Ac:", {}, 401],
    ["nobody:x", {}, 401],
    ["public:", {}, 400], // known, and not for this grant
    ["public:x", {}, 401],
    [undefined, { client_id: "a b:c" }, 401],
    [undefined, {}, 400],
    ["public:", { client_id: "a b:c" }, 400],
  ])("or gets nothing: %s %o", async (credentials, more, status) => {
    const issuer = await startOAuth({ clients });
    const reply = await post(`${issuer.issuer}/token`, { ...form, ...more }, credentials);
    expect([reply.status, reply.body["access_token"]]).toEqual([status, undefined]);
  });

  it("with an empty secret where it has none, as oidc-agent does", async () => {
    const issuer = await startOAuth();
    const device = await post(`${issuer.issuer}/device_authorization`, { scope: "read:/ offline_access" }, "demo:");
    const form2 = { grant_type: DEVICE, device_code: String(device.body["device_code"]) };
    const tokens = await post(`${issuer.issuer}/token`, form2, "demo:");
    expect(tokens.body).toMatchObject({ scope: "read:/ offline_access" });
    const again = { grant_type: "refresh_token", refresh_token: String(tokens.body["refresh_token"]) };
    expect((await post(`${issuer.issuer}/token`, again, "demo:")).status).toBe(200);
  });
});

describe("a request", () => {
  it("that says a parameter twice is refused", async () => {
    const issuer = await startOAuth();
    const twice = await askForDevice(issuer, { scope: ["read:/a", "read:/b"] });
    expect(twice.body).toMatchObject({ error: "invalid_request" });
    const first = await byDevice(issuer, { scope: "read:/ offline_access" });
    const reply = await refresh(issuer, first, { scope: ["read:/a", "read:/b"] });
    expect(reply.body).toMatchObject({ error: "invalid_request" });
  });

  it("cannot say itself what the issuer notes of it", async () => {
    const issuer = await startOAuth({ clients: [{ clientId: "demo", scope: "read:/a" }] });
    const scitokens_asked = JSON.stringify({ scope: ["write:/"], audience: [] });
    const device = await askForDevice(issuer, { scope: "read:/a", scitokens_asked });
    expect((await pollDevice(issuer, device)).body["scope"]).toBe("read:/a");
    const code = await askForDevice(issuer, { scope: "write:/", scitokens_asked });
    expect(code.body).toMatchObject({ error: "invalid_scope" });
  });

  it("of a device for more than the client may have is refused before anybody is asked", async () => {
    const issuer = await startOAuth({ approve: "ask", clients: [{ clientId: "demo", scope: "read:/a queue" }] });
    expect((await askForDevice(issuer, { scope: "read:/ab" })).body).toMatchObject({ error: "invalid_scope" });
    expect((await askForDevice(issuer, { scope: "queue:/x" })).status).toBe(200);
  });
});
