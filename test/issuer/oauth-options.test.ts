// Options of the OAuth issuer: a wrong one is told when it starts, not when somebody needs it. Rule of style: OPTIONS.
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import { describe, expect, it } from "vitest";
import { byDevice, post, register, startOAuth } from "./oauth-running.js";
import { wrong } from "./wrong.js";

const client = (more: object): object => ({ clients: [{ clientId: "x", clientSecret: "y", ...more }] });
const user = (more: object): object => ({ users: [{ sub: "ada", ...more }] });

describe("an OAuth issuer does not start", () => {
  it.each<[object, RegExp]>([
    [client({ clientId: "\u00fc" }), /clientId must be printable ASCII/],
    [client({ clientId: "a\nb" }), /clientId must be printable ASCII/],
    [client({ clientSecret: "\u00fc" }), /clientSecret must be printable ASCII/],
    [client({ redirectUris: ["not a url"] }), /redirectUris must be https, http on loopback.*unlike 'not a url'/],
    [client({ redirectUris: ["http://app.example/x"] }), /redirectUris must be/],
    [client({ redirectUris: ["https://127.0.0.1/x"] }), /redirectUris must be/],
    [client({ redirectUris: ["https://app.example/x#y"] }), /redirectUris must be/],
    [client({ redirectUris: ["javascript:alert(1)"] }), /redirectUris must be/],
    [client({ redirectUris: [] }), /redirectUris must hold at least one/],
    [client({ grantTypes: [] }), /grantTypes must be a list of at least one of authorization_code/],
    [client({ grantTypes: "device_code" }), /grantTypes must be a list/],
    [client({ grantTypes: null }), /grantTypes must be a list/],
    [client({ scope: "wlcg.capabilityset:/nope" }), /scope: 'wlcg.capabilityset:\/nope' names no set/],
    [client({ scope: "wlcg.capabilityset" }), /names no set/],
    [client({ audience: [] }), /audience must hold at least one/],
    [client({ audience: "a b" }), /audience must be printable ASCII without blanks/],
    [client({ audience: ["a", ""] }), /audience must be a string or a list of strings/],
    [client({ profile: null }), /profile must be one of/],
    [{ clients: null }, /clients must be a list/],
    [{ clients: [{ clientId: "alice" }] }, /the clientId 'alice' is also the sub of a user/],
    [{ audience: [] }, /audience must hold at least one/],
    [{ audience: "a\tb" }, /audience must be printable ASCII/],
    [{ audience: "x".repeat(513) }, /at most 512 characters/],
    [user({ sub: "ada\n" }), /sub must be printable ASCII/],
    [user({ scope: "wlcg.capabilityset:/nope" }), /names no set/],
    [user({ name: null }), /name must be a string/],
    [user({ profile: "jwt" }), /unknown profile 'jwt'/],
    [{ users: null }, /at least one user/],
    [
      { capabilitySets: { "/p": ["wlcg.capabilityset:/q"], "/q": ["read:/"] } },
      /must hold capabilities, unlike 'wlcg.cap/,
    ],
    [
      { capabilitySets: { "/p": ["wlcg.groups"] } },
      /capabilitySets\['\/p'\] must hold capabilities, unlike 'wlcg.groups'/,
    ],
    [{ capabilitySets: { "/p": [] } }, /must hold at least one capability/],
    [{ capabilitySets: null }, /capabilitySets must be an object/],
    [{ lifetimes: null }, /options must be an object/],
    [{ approve: null }, /approve must be one of/],
    [{ profile: null }, /profile must be one of/],
  ])("with %o", async (options, sentence) => {
    const failure = startOAuthIssuer(wrong(options));
    await expect(failure).rejects.toThrow(sentence);
    await expect(failure).rejects.toBeInstanceOf(TypeError);
  });
});

it("takes the callbacks that it says it takes", async () => {
  const redirectUris = ["https://app.example/x", "http://[::1]:9/x", "http://localhost/x", "edu.kit.agent:/redirect"];
  const issuer = await startOAuth(
    wrong(client({ redirectUris, grantTypes: ["refresh_token", "device_code", "device_code"] })),
  );
  const asked = { client_id: "x", client_secret: "y", scope: "read:/" };
  expect((await post(`${issuer.issuer}/device_authorization`, asked)).status).toBe(200);
});

it("reads the capability sets of a user's scope", async () => {
  const issuer = await startOAuth({
    profile: "wlcg",
    capabilitySets: { "/p": ["storage.modify:/out"] },
    users: [{ sub: "ada", scope: "wlcg.capabilityset:/p" }],
  });
  expect((await byDevice(issuer, { scope: "storage.modify:/" })).body["scope"]).toBe("storage.modify:/out");
});

describe("a client cannot register", () => {
  it.each([
    [{ scitokens_audience: [] }, "scitokens_audience must hold at least one audience"],
    [{ scitokens_audience: null }, "scitokens_audience must be a string or a list"],
    [{ scitokens_audience: ["a b"] }, "scitokens_audience must be printable ASCII"],
    [{ scope: "wlcg.capabilityset:/nope" }, "names no set of capabilities"],
  ])("with %o", async (more, sentence) => {
    const metadata = { grant_types: ["client_credentials"], response_types: [], scope: "read:/", ...more };
    const { status, body } = await register(await startOAuth(), metadata);
    expect([status, body["error"], body["error_description"]]).toEqual([
      400,
      "invalid_client_metadata",
      expect.stringContaining(sentence),
    ]);
  });
});
