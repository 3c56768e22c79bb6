// Rows of the contract: the table of answers, and what stands in them. Rules H3 to H5, H8, R4, S7.
import { expect, describe, it } from "vitest";
import { signToken } from "../support/sign.js";
import type { Client } from "./client.js";
import { bearer, claims, FORGED, NOW, stranger, T, token, wlcgToken } from "./fixture.js";
import type { Harness } from "./harness.js";

export function describeAnswers({ get }: Client, harness: Harness): void {
  it("lets a good token through, with the token on the request (H3)", async () => {
    const { status, body } = await get("/data", bearer(T));
    expect({ status, body }).toEqual({ status: 200, body: '{"reached":true,"subject":"alice"}' });
  });

  describe("the table of answers (H3, H4)", () => {
    const expired = token("read:/data", { exp: NOW });
    const cases: readonly (readonly [string, string, readonly string[], number, string | undefined])[] = [
      ["no credentials", "/data", [], 401, 'Bearer realm="scitokens", scope="read:/data"'],
      ["another scheme", "/data", [`Authorization: Basic ${T}`], 401, 'Bearer realm="scitokens", scope="read:/data"'],
      ["no credentials, no scope", "/login", [], 401, 'Bearer realm="scitokens"'],
      [
        "no credentials, all of several scopes",
        "/all",
        [],
        401,
        'Bearer realm="scitokens", scope="read:/data write:/scratch/a%20b"',
      ],
      ["no credentials, any of several scopes", "/any", [], 401, 'Bearer realm="scitokens", scope="admin"'],
      ["no credentials, a realm of one's own", "/realm", [], 401, 'Bearer realm="frames of H1"'],
      [
        "Bearer without token",
        "/data",
        ["Authorization: Bearer"],
        400,
        'Bearer realm="scitokens", error="invalid_request"',
      ],
      [
        "bad characters",
        "/data",
        ['Authorization: Bearer a"b'],
        400,
        'Bearer realm="scitokens", error="invalid_request"',
      ],
      [
        "two different tokens",
        "/data",
        [bearer(T), bearer(FORGED)],
        400,
        'Bearer realm="scitokens", error="invalid_request"',
      ],
      ["a malformed token", "/data", [bearer("abc")], 401, 'Bearer realm="scitokens", error="invalid_token"'],
      ["an expired token", "/data", [bearer(expired)], 401, 'Bearer realm="scitokens", error="invalid_token"'],
      ["a forged token", "/data", [bearer(FORGED)], 401, 'Bearer realm="scitokens", error="invalid_token"'],
      [
        "a missing capability",
        "/data",
        [bearer(token("read:/other"))],
        403,
        'Bearer realm="scitokens", error="insufficient_scope", scope="read:/data"',
      ],
      [
        "a path outside of the issuer's area",
        "/outside/x",
        [bearer(token("read:/"))],
        403,
        'Bearer realm="scitokens", error="insufficient_scope"',
      ],
      ["a bad request path", "/files/a%2fb", [bearer(token("read:/"))], 400, undefined],
      ["keys that cannot be had", "/dead", [bearer(T)], 503, undefined],
    ];
    it.each(cases)("%s", async (_, target, lines, status, challenge) => {
      const response = await get(target, ...lines);
      expect(response.status).toBe(status);
      expect(response.headers["www-authenticate"]).toBe(challenge);
      expect(response.body).not.toContain("reached");
    });
  });

  it("says when to come back while keys cannot be had (H3, I9)", async () => {
    const { status, headers } = await get("/dead", bearer(T));
    expect(status).toBe(503);
    expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
  });

  it("puts nothing of the token into an answer (H4)", async () => {
    const marks = ["mallory", "evil-scope", "key-1", "evil-aud", FORGED.slice(0, 20)];
    const tokens = [
      FORGED,
      token("read:/evil-scope", { sub: "mallory" }),
      token("read:/data", { aud: "evil-aud", sub: "mallory" }),
      signToken(stranger, claims({ sub: "mallory" }), { alg: 'x"\r\nSet-Cookie: a=b', kid: "key-1\r\n" }),
    ];
    for (const raw of tokens) {
      const answered = JSON.stringify(await get("/data", bearer(raw)));
      for (const mark of marks) expect(answered).not.toContain(mark);
      expect(answered).not.toMatch(/set-cookie|InvalidToken|at .*\.js/i);
    }
  });

  it("answers with a problem document whose texts are constant per code (H5)", async () => {
    const first = await get("/data", bearer(FORGED));
    const second = await get("/data", bearer("abc"));
    expect(first.headers["content-type"]).toBe("application/problem+json");
    const problem = JSON.parse(first.body) as Record<string, unknown>;
    expect(problem).toEqual({
      type: "about:blank",
      title: "Unauthorized",
      status: 401,
      detail: "the access token was refused",
      code: "invalid_token",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect({ ...(JSON.parse(second.body) as object), requestId: 0 }).toEqual({ ...problem, requestId: 0 });
  });

  it("lets an application write its own body, with status and challenge kept (H5)", async () => {
    const { status, headers, body } = await get("/custom");
    expect(body).toBe("custom missing_token");
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toBe('Bearer realm="scitokens", scope="read:/data"');
  });

  it("lets a request without credentials through where the token is optional (H8)", async () => {
    expect(await get("/optional")).toMatchObject({ status: 200, body: '{"reached":true,"subject":null}' });
    expect(await get("/optional", bearer(T))).toMatchObject({
      status: 200,
      body: '{"reached":true,"subject":"alice"}',
    });
  });

  it("refuses a bad token where the token is optional (H8)", async () => {
    expect((await get("/optional", bearer(FORGED))).status).toBe(401);
    expect((await get("/optional", "Authorization: Bearer")).status).toBe(400);
  });

  it("takes any of several scopes, and asks for all of a list (R4)", async () => {
    expect((await get("/any", bearer(token("admin")))).status).toBe(200);
    expect((await get("/any", bearer(token("read:/data")))).status).toBe(200);
    expect((await get("/any", bearer(token("read:/other")))).status).toBe(403);
    expect((await get("/all", bearer(token("read:/data")))).status).toBe(403);
    expect((await get("/all", bearer(token("read:/data write:/scratch")))).status).toBe(200);
  });

  it("judges a token without WLCG capabilities by its groups, and any other by its capabilities alone (S7)", async () => {
    const status = async (target: string, raw: string): Promise<number> => (await get(target, bearer(raw))).status;
    const member = { "wlcg.groups": ["/cms", "/cms/uscms"] };
    expect(await status("/groups", wlcgToken(member))).toBe(200);
    expect(await status("/groups", wlcgToken({ "wlcg.groups": ["/cms", "/cms/uscms/sub"] }))).toBe(403);
    expect(await status("/groups", wlcgToken({ ...member, scope: "storage.read:/other" }))).toBe(403);
    expect(await status("/groups", wlcgToken({ ...member, scope: "compute.create:/x" }))).toBe(403);
    expect(await status("/groups", wlcgToken({ scope: "storage.read:/data" }))).toBe(200);
    expect(await status("/groups", T)).toBe(200);
    expect(await status("/only-groups", wlcgToken({ ...member, scope: "openid" }))).toBe(200);
    expect(await status("/only-groups", wlcgToken({ ...member, scope: "storage.read:/" }))).toBe(403);
    expect(await status("/only-groups", token("read:/", { "wlcg.groups": ["/cms/uscms"] }))).toBe(403);
  });

  it.runIf(harness.parameters)("puts a route's parameter into the scope as one segment (R4, R6)", async () => {
    const frames = token("read:/frames/H1 read:/frames/a%20b");
    const status = async (run: string): Promise<number> => (await get(`/frames/${run}`, bearer(frames))).status;
    expect(await status("H1")).toBe(200);
    expect(await status("a%20b")).toBe(200);
    expect(await status("L1")).toBe(403);
    expect(await status("H1%2f..%2fL1")).toBe(400);
    expect(await status("%252e%252e")).toBe(400);
  });
}
