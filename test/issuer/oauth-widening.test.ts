// What must not come out of an exchange, a profile or a refresh: more than went in. RFC 8693, ADR 0015, rules S5, S7, P1.
import { createSigningKey } from "@scitokens/issuer";
import type { TokenClaims, TokenOptions } from "@scitokens/issuer";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import {
  AUDIENCE,
  byDevice,
  EXCHANGE,
  exchange,
  post,
  read,
  refresh,
  register,
  startOAuth,
  verified,
} from "./oauth-running.js";
import type { Reply } from "./oauth-running.js";

const ada = { sub: "ada", aud: AUDIENCE };
const accessToken = ({ body }: Reply): string => String(body["access_token"]);

describe("an exchange", () => {
  it.each(["read:/a wlcg.groups", "wlcg.groups:/cms read:/a/b", "wlcg.groups"])(
    "lets groups not speak that were masked: %s (S7)",
    async (scope) => {
      const issuer = await startOAuth();
      const claims = { ...ada, scope: "storage.read:/a queue", "wlcg.groups": ["/cms"] };
      const reply = await exchange(issuer, await issuer.token(claims, { profile: "wlcg" }), { scope });
      expect(reply.body).toMatchObject({ error: "invalid_scope" });
    },
  );

  it("leaves groups that had a say, beside capabilities that mask none (S7)", async () => {
    const issuer = await startOAuth();
    const token = await issuer.token({ ...ada, scope: "queue", "wlcg.groups": ["/cms"] }, { profile: "wlcg" });
    expect((await verified(issuer, await exchange(issuer, token, { scope: "wlcg.groups" }))).groups).toEqual(["/cms"]);
  });

  it("makes no groups of words in the scope (S7)", async () => {
    const issuer = await startOAuth();
    const claims = { ...ada, scope: "wlcg.groups:/atlas wlcg.groups queue", "wlcg.groups": ["/cms"] };
    const token = await issuer.token(claims, { profile: "wlcg" });
    expect((await exchange(issuer, token, { scope: "wlcg.groups:/atlas" })).body["error"]).toBe("invalid_scope");
    expect((await verified(issuer, await exchange(issuer, token, { scope: "wlcg.groups" }))).groups).toEqual(["/cms"]);
  });

  it("reads no groups in a SciToken, which has none (P5)", async () => {
    const issuer = await startOAuth();
    const token = await issuer.token({ ...ada, scope: "read:/", "wlcg.groups": ["/cms"] });
    expect((await exchange(issuer, token, { scope: "wlcg.groups read:/" })).body["error"]).toBe("invalid_scope");
    expect((await exchange(issuer, token)).body["scope"]).toBe("read:/");
  });

  it("reaches no other service by what a client said of itself when it registered", async () => {
    const issuer = await startOAuth();
    const metadata = { grant_types: [EXCHANGE], response_types: [], scope: "read:/" };
    const { body } = await register(issuer, { ...metadata, scitokens_audience: ["https://bank.example"] });
    const credentials = `${String(body["client_id"])}:${String(body["client_secret"])}`;
    const token = await issuer.token({ ...ada, scope: "read:/" });
    const reply = await exchange(issuer, token, { audience: "https://bank.example" }, credentials);
    expect(reply.body).toMatchObject({ error: "invalid_target" });
    expect((await verified(issuer, await exchange(issuer, token, {}, credentials))).audience).toEqual([AUDIENCE]);
  });

  it("gives a client no more than its own scope, in the profile of the token (S4, S5)", async () => {
    const clients = [{ clientId: "portal", clientSecret: "s", scope: "read:/store storage.modify:/out" }];
    const issuer = await startOAuth({ clients });
    const tried = async (scope: string, options: TokenOptions = {}): Promise<unknown> => {
      const { body } = await exchange(issuer, await issuer.token({ ...ada, scope }, options), {}, "portal:s");
      return body["error"] ?? body["scope"];
    };
    expect(await tried("write:/")).toBe("invalid_scope");
    expect(await tried("read:/stored")).toBe("invalid_scope");
    expect(await tried("read:/store/a storage.modify:/out")).toBe("read:/store/a storage.modify:/out");
    // In a WLCG token storage.modify includes write; this client's does not.
    expect(await tried("storage.modify:/out", { profile: "wlcg" })).toBe("invalid_scope");
    expect(await tried("read:/store storage.read:/store", { profile: "wlcg" })).toBe("read:/store storage.read:/store");
  });

  it("reads a WLCG client's scope in WLCG's words, whatever the token (S5)", async () => {
    const clients = [{ clientId: "portal", clientSecret: "s", scope: "wlcg read:/store", profile: "wlcg" as const }];
    const issuer = await startOAuth({ clients });
    const token = await issuer.token({ ...ada, scope: "read:/store" }); // includes storage.read, which the client has not
    expect((await exchange(issuer, token, {}, "portal:s")).body).toMatchObject({ error: "invalid_scope" });
  });

  const scitoken = { ...ada, scope: "read:/" };
  const wlcg = { profile: "wlcg" } as const;
  it.each<[string, TokenClaims, TokenOptions?]>([
    ["is for nobody", { ...scitoken, aud: [] }],
    ["is for the empty name", { ...scitoken, aud: "" }],
    ["is for a service and a number", { ...scitoken, aud: [AUDIENCE, 5] }],
    ["is for a number", { ...scitoken, aud: [5] }],
    ["is bound to a key (T7)", { ...scitoken, cnf: { jkt: "x" } }],
    ["is an ID token by its at_hash (T6)", { ...scitoken, at_hash: "x" }],
    ["is an ID token by its typ (T6)", { ...scitoken, typ: "ID" }],
    ["is of another kind by its header (T6)", scitoken, { header: { typ: "logout+jwt" } }],
    ["has no scope (P2)", { ...scitoken, scope: undefined }],
    ["has a scope that is no string (S1)", { ...scitoken, scope: 5 }],
    ["has no iat (P2)", { ...scitoken, iat: undefined }],
    ["is issued in the future (C3)", { ...scitoken, iat: 4_000_000_000 }],
    ["has no nbf (P2)", { ...scitoken, nbf: undefined }],
    ["has a subject that is no string (C8)", { ...scitoken, sub: 5 }],
    ["has an identifier that is no string (C8)", { ...scitoken, jti: 5 }],
    ["has a version that nobody knows (P2)", { ...scitoken, ver: "scitoken:3.0", "wlcg.ver": "1.0" }],
    ["is of WLCG's next major version (P3)", { ...ada, "wlcg.ver": "2.0" }, wlcg],
    ["has a WLCG version that is no string (P3)", { ...ada, "wlcg.ver": 1.0 }, wlcg],
    ["has groups that are no list (P3)", { ...ada, "wlcg.groups": "/cms" }, wlcg],
    ["has groups without a slash (P3)", { ...ada, "wlcg.groups": ["cms"] }, wlcg],
    ["does not say its key (I10)", ada, { ...wlcg, header: { kid: undefined } }],
  ])("takes no token that no service would take: it %s", async (_, claims, options) => {
    const issuer = await startOAuth();
    const token = await issuer.token(claims, options);
    const reply = { status: 200, headers: new Headers(), body: { access_token: token } };
    await expect(verified(issuer, reply)).rejects.toMatchObject({ code: "invalid_token" });
    expect((await exchange(issuer, token)).body).toMatchObject({ error: "invalid_request" });
  });

  it("reads a token with both versions as verifiers do, and makes it no other kind (P1)", async () => {
    const issuer = await startOAuth();
    const token = await issuer.token({ ...ada, scope: "storage.modify:/x", "wlcg.ver": "1.0" });
    const after = await verified(issuer, await exchange(issuer, token));
    expect([after.profile, after.allows("storage.modify", "/x"), after.allows("write", "/x")]).toEqual([
      "scitokens-2",
      true,
      false,
    ]);
  });
});

describe("a client without a secret", () => {
  const grants = ["client_credentials", EXCHANGE];

  it.each(grants)("cannot register for %s", async (grant) => {
    const metadata = { grant_types: [grant], response_types: [], scope: "read:/", token_endpoint_auth_method: "none" };
    const { status, body } = await register(await startOAuth(), metadata);
    expect([status, body["error"], body["error_description"]]).toEqual([
      400,
      "invalid_client_metadata",
      expect.stringContaining("needs a secret"),
    ]);
  });

  it("cannot come to it by changing itself", async () => {
    const issuer = await startOAuth();
    const first = { grant_types: ["client_credentials"], response_types: [], scope: "read:/" };
    const { body } = await register(issuer, first);
    const { client_id, client_secret, registration_client_uri: url, registration_access_token: token } = body;
    const changed = { ...first, client_id, client_secret, token_endpoint_auth_method: "none" };
    const headers = { authorization: `Bearer ${String(token)}`, "content-type": "application/json" };
    const reply = await read(await fetch(String(url), { method: "PUT", headers, body: JSON.stringify(changed) }));
    expect([reply.status, reply.body["error"]]).toEqual([400, "invalid_client_metadata"]);
  });
});

describe("the profile of a token", () => {
  const capabilitySets = { "/p": ["storage.modify:/out"], "/q": ["storage.modify:/out"] };
  const clients = [{ clientId: "x", clientSecret: "y", scope: "storage.modify:/out wlcg.capabilityset:/q" }];

  it.each([
    ["wlcg.capabilityset:/p", "scitokens-2"],
    ["wlcg.capabilityset:/q", "wlcg"],
  ])("is switched by %s only for a client that has it by its name: %s (S5)", async (scope, profile) => {
    const issuer = await startOAuth({ capabilitySets, clients });
    const form = { grant_type: "client_credentials", audience: AUDIENCE, scope };
    const token = await verified(issuer, await post(`${issuer.issuer}/token`, form, "x:y"));
    expect([token.profile, token.allows("write", "/out/f")]).toEqual([profile, profile === "wlcg"]);
  });

  it.each([
    ["storage.modify:/x", undefined, "wlcg storage.modify:/", "wlcg"],
    ["storage.modify:/x", "wlcg", "wlcg storage.modify:/", "wlcg storage.modify:/x"],
    ["write:/x", undefined, "wlcg storage.modify:/ write:/", "wlcg storage.modify:/x write:/x"],
    ["read:/x", "wlcg", "read:/ storage.read:/", "access_denied"],
    ["storage.read:/x", "wlcg", "read:/ storage.read:/", "read:/x storage.read:/x"],
    ["compute.read queue", "wlcg", "compute.read", "compute.read"],
  ] as const)(
    "gives a user with %s (profile %s) who is asked for %s no more than their own words say: %s (S5)",
    async (scope, profile, asked, expected) => {
      const issuer = await startOAuth({ users: [{ sub: "ada", scope, profile }] });
      const { body } = await byDevice(issuer, { scope: asked, audience: AUDIENCE });
      expect(body["error"] ?? body["scope"]).toBe(expected);
    },
  );
});

describe("a refresh", () => {
  it("gives no more than the client may have by now", async () => {
    const issuer = await startOAuth();
    const grant = "urn:ietf:params:oauth:grant-type:device_code";
    const first = {
      grant_types: ["refresh_token", grant],
      response_types: [],
      scope: "read:/ offline_access",
      token_endpoint_auth_method: "none",
    };
    const { body } = await register(issuer, first);
    const { client_id, registration_client_uri: url, registration_access_token: token } = body;
    const form = { client_id: String(client_id) };
    const tokens = await byDevice(issuer, { ...form, scope: first.scope }, form);
    const headers = { authorization: `Bearer ${String(token)}`, "content-type": "application/json" };
    const less = { ...first, client_id, scope: "read:/a offline_access", scitokens_audience: ["https://a.example"] };
    const put = await fetch(String(url), { method: "PUT", headers, body: JSON.stringify(less) });
    expect(put.status).toBe(200);
    expect((await refresh(issuer, tokens, form)).body).toMatchObject({ error: "invalid_scope" });
    const elsewhere = { ...form, scope: "read:/a", audience: AUDIENCE };
    expect((await refresh(issuer, tokens, elsewhere)).body).toMatchObject({ error: "invalid_target" });
    const narrow = await refresh(issuer, tokens, { ...form, scope: "read:/a/b" });
    expect(decodeJwt(accessToken(narrow))).toMatchObject({ scope: "read:/a/b", aud: "https://a.example" });
  });
});

describe("a token that was revoked", () => {
  it("is not exchanged in other spellings of its signature either", async () => {
    const issuer = await startOAuth({ keys: [await createSigningKey({ alg: "ES256" })] });
    const token = accessToken(await byDevice(issuer, { scope: "read:/" }));
    expect((await exchange(issuer, token)).status).toBe(200);
    await post(`${issuer.issuer}/revoke`, { token, client_id: "demo" });
    for (const spelling of [token, respelt(token)])
      expect((await exchange(issuer, spelling)).body).toMatchObject({
        error: "invalid_request",
        error_description: expect.stringContaining("revoked"),
      });
  });

  it("is not exchanged where its grant was revoked", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: "read:/ offline_access" });
    await post(`${issuer.issuer}/revoke`, { token: String(first.body["refresh_token"]), client_id: "demo" });
    expect((await exchange(issuer, accessToken(first))).body).toMatchObject({ error: "invalid_request" });
  });
});

/** The other signature (r, n - s) of the same text: ECDSA takes both. */
function respelt(token: string): string {
  const order = BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const [header, payload, signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const s = order - BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
  return `${header}.${payload}.${other.toString("base64url")}`;
}
