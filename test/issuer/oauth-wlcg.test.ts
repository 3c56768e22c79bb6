// Tokens of the WLCG profile: groups, capability sets, and who gets which kind. WLCG 1.3 2.2, rule P3.
import { describe, expect, it } from "vitest";
import { AUDIENCE, byClient, byDevice, post, refresh, startOAuth, verified } from "./oauth-running.js";
import type { Form } from "./oauth-running.js";

const users = [{ sub: "ada", groups: ["/cms", "/cms/uscms", "/lhcb"] }];
const ask = (form: Form): Form => ({ audience: AUDIENCE, ...form });

describe("a WLCG token", () => {
  it("has its version, an integer exp and nbf, and the audience that means any (P3, C6)", async () => {
    const issuer = await startOAuth({ profile: "wlcg" });
    const { claims, profile } = await verified(issuer, await byClient(issuer, { scope: "storage.read:/" }));
    expect(profile).toBe("wlcg");
    expect(claims).toMatchObject({
      "wlcg.ver": "1.0",
      aud: "https://wlcg.cern.ch/jwt/v1/any",
      sub: "demo-service",
      scope: "storage.read:/",
    });
    expect(claims).not.toHaveProperty("wlcg.groups");
    expect([claims["exp"], claims["nbf"]].every(Number.isInteger)).toBe(true);
  });

  it.each([
    ["wlcg.groups", ["/cms", "/cms/uscms", "/lhcb"]],
    ["wlcg.groups:/lhcb", ["/lhcb"]],
    ["wlcg.groups:/lhcb wlcg.groups", ["/lhcb", "/cms", "/cms/uscms"]],
    ["wlcg.groups:/lhcb wlcg.groups:/cms", ["/lhcb", "/cms"]],
    ["wlcg.groups:/atlas wlcg.groups:/cms", ["/cms"]],
  ])("has the groups of its user that %s asks for (S7)", async (scope, groups) => {
    const issuer = await startOAuth({ users });
    const token = await verified(issuer, await byDevice(issuer, ask({ scope })));
    expect([token.profile, token.groups, token.scopes]).toEqual(["wlcg", groups, []]);
  });

  it("is refused to whoever asks only for groups of others", async () => {
    const issuer = await startOAuth({ users });
    expect((await byDevice(issuer, { scope: "wlcg.groups:/atlas" })).body).toMatchObject({ error: "access_denied" });
  });

  it("has no groups that are not its user's, whatever a refresh asks for", async () => {
    const issuer = await startOAuth({ users });
    const first = await byDevice(issuer, ask({ scope: "wlcg.groups offline_access" }));
    expect((await refresh(issuer, first, { scope: "wlcg.groups:/atlas" })).body).toMatchObject({
      error: "access_denied",
    });
    const second = await refresh(issuer, first, { scope: "wlcg.groups:/atlas wlcg.groups:/cms" });
    expect(second.body["scope"]).toBe("wlcg.groups:/cms");
    expect((await verified(issuer, second)).groups).toEqual(["/cms"]);
  });

  it.each([
    ["wlcg read:/", "wlcg"],
    ["wlcg:1.0 storage.read:/", "wlcg"],
    ["read:/", "scitokens-2"],
  ])("is what a client gets that asks for %s: %s (P1)", async (scope, profile) => {
    const issuer = await startOAuth({ users });
    const token = await verified(issuer, await byDevice(issuer, ask({ scope })));
    expect(token.profile).toBe(profile);
    expect(token.scopes.every((value) => !value.startsWith("wlcg"))).toBe(true);
  });

  it("stays one at a refresh, whatever is narrowed: in another profile the same words could mean more (S5)", async () => {
    const issuer = await startOAuth({ users });
    const first = await byDevice(issuer, ask({ scope: "wlcg read:/ offline_access" }));
    const more = await refresh(issuer, first, { scope: "storage.read:/a" });
    expect(more.body).toMatchObject({ error: "invalid_scope" });
    const token = await verified(issuer, await refresh(issuer, first, { scope: "read:/a" }));
    expect([token.profile, token.allows("read", "/a"), token.allows("storage.read", "/a")]).toEqual([
      "wlcg",
      true,
      false,
    ]);
  });
});

describe("a capability set", () => {
  const capabilitySets = {
    "/production": ["storage.modify:/out", "compute.create"],
    "/admin": "storage.modify:/".split(" "),
  };
  const clients = [{ clientId: "x", clientSecret: "y", scope: "wlcg.capabilityset:/production offline_access" }];
  const withSet = (scope: string, more: object = {}) =>
    startOAuth({ capabilitySets, clients, ...more }).then(async (issuer) => ({
      issuer,
      reply: await post(
        `${issuer.issuer}/token`,
        { grant_type: "client_credentials", audience: AUDIENCE, scope },
        "x:y",
      ),
    }));

  it("is replaced by its capabilities", async () => {
    const { issuer, reply } = await withSet("wlcg.capabilityset:/production");
    expect(reply.body["scope"]).toBe("storage.modify:/out compute.create");
    const token = await verified(issuer, reply);
    expect([token.profile, token.allows("storage.modify", "/out/x")]).toEqual(["wlcg", true]);
  });

  it("gives what is in it one by one, and narrower (S4)", async () => {
    const { reply } = await withSet("storage.modify:/out/x wlcg");
    expect(reply.body["error"]).toBe("invalid_scope"); // wlcg itself was not among what the client may ask for
    expect((await withSet("storage.modify:/out/x")).reply.body["scope"]).toBe("storage.modify:/out/x");
  });

  it.each(["wlcg.capabilityset:/admin", "wlcg.capabilityset:/unknown", "wlcg.capabilityset", "storage.modify:/"])(
    "does not give %s to a client that has another one",
    async (scope) => expect((await withSet(scope)).reply.body["error"]).toBe("invalid_scope"),
  );

  it("is cut to what the user may have", async () => {
    const issuer = await startOAuth({ capabilitySets, users: [{ sub: "ada", scope: "storage.modify:/out/ada" }] });
    const reply = await byDevice(issuer, { scope: "wlcg.capabilityset:/production" });
    expect(reply.body["scope"]).toBe("storage.modify:/out/ada");
  });
});
