// For whom a token is: audience and resource, wherever they may be said. RFC 8707 2, interop 8.
import { describe, expect, it } from "vitest";
import { askForDevice, byClient, byDevice, pollDevice, post, refresh, startOAuth, verified } from "./oauth-running.js";
import type { Form, Reply } from "./oauth-running.js";

const audienceOf = (reply: Reply): unknown => {
  const [, payload = ""] = String(reply.body["access_token"]).split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()).aud;
};

const A = "https://a.example";
const B = "https://b.example";

describe("the audience of a request becomes the token's (C5)", () => {
  it.each<[Form, unknown]>([
    [{ audience: A }, A],
    [{ audience: "a service.example" }, ["a", "service.example"]],
    [{ audience: [A, B] }, [A, B]],
    [{ audience: `${A} ${B} ${A}` }, [A, B]],
    [{ resource: [A, B] }, [A, B]],
    [{ audience: A, resource: `${B}/x?y=1` }, [A, `${B}/x?y=1`]],
    [{}, "ANY"],
    [{ audience: "" }, "ANY"],
  ])("%o", async (form, expected) => {
    const issuer = await startOAuth();
    expect(audienceOf(await byClient(issuer, { scope: "read:/", ...form }))).toEqual(expected);
    expect(audienceOf(await byDevice(issuer, { scope: "read:/", ...form }))).toEqual(expected);
    const code = await askForDevice(issuer, { scope: "read:/ offline_access" });
    const late = await pollDevice(issuer, code, form);
    expect(audienceOf(late)).toEqual(expected);
    expect(audienceOf(await refresh(issuer, late, form))).toEqual(expected);
  });

  it.each<Form>([
    { resource: "not a uri" },
    { resource: `${A}#x` },
    { audience: "a\tb" },
    { audience: "x".repeat(600) },
  ])("a wrong one is refused with invalid_target: %o", async (form) => {
    const issuer = await startOAuth();
    for (const reply of [await byClient(issuer, form), await askForDevice(issuer, form)])
      expect([reply.status, reply.body["error"]]).toEqual([400, "invalid_target"]);
  });
});

describe("an audience that was granted", () => {
  it("can be chosen from and not be changed, and the refresh token outlives the attempt", async () => {
    const issuer = await startOAuth();
    const first = await byDevice(issuer, { scope: "read:/ offline_access", audience: [A, B] });
    const wrong = await refresh(issuer, first, { audience: "https://c.example" });
    expect(wrong.body).toMatchObject({ error: "invalid_target" });
    const one = await refresh(issuer, first, { audience: B });
    expect(audienceOf(one)).toBe(B);
    expect(audienceOf(await refresh(issuer, one))).toEqual([A, B]);
  });

  it.each([
    ["scitokens-2", "ANY", A],
    ["wlcg", "https://wlcg.cern.ch/jwt/v1/any", A],
    ["scitokens-2", "https://wlcg.cern.ch/jwt/v1/any", undefined],
    ["wlcg", "ANY", undefined],
  ] as const)("of a %s grant can be narrowed to one where it is %s: %s (C6)", async (profile, any, expected) => {
    const issuer = await startOAuth({ profile });
    const first = await byDevice(issuer, { scope: "storage.read:/ offline_access", audience: any });
    const one = await refresh(issuer, first, { audience: A });
    expect(one.body["error"] === "invalid_target" ? undefined : audienceOf(one)).toBe(expected);
  });

  it("is the client's where the client has its own, and no other", async () => {
    const clients = [{ clientId: "x", clientSecret: "y", audience: [A, B] }];
    const issuer = await startOAuth({ clients });
    const ask = (form: Form): Promise<Reply> =>
      post(`${issuer.issuer}/token`, { grant_type: "client_credentials", scope: "read:/", ...form }, "x:y");
    expect(audienceOf(await ask({}))).toEqual([A, B]);
    expect(audienceOf(await ask({ audience: B }))).toBe(B);
    expect((await ask({ audience: "ANY" })).body).toMatchObject({ error: "invalid_target" });
  });

  it("is the issuer's option where nobody says any", async () => {
    const issuer = await startOAuth({ audience: [A, B] });
    const reply = await byClient(issuer, { scope: "read:/" });
    expect((await verified(issuer, reply, B)).audience).toEqual([A, B]);
  });
});
