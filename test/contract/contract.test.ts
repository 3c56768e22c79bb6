// One contract for every adapter: the same request gets the same answer, byte for byte where it matters. Rules H, R2, R3, R6.
import express4 from "express4";
import express5 from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anyOf, fromRequest, scope } from "@scitokens/core/http";
import { signToken, testKey } from "../support/sign.js";
import { rawRequest } from "../support/raw-request.js";
import type { RawRequest, RawResponse } from "../support/raw-request.js";
import { expressHarness } from "./express-harness.js";
import type { ContractOptions, ContractRoute, Harness, Served } from "./harness.js";
import { nodeHarness } from "./node-harness.js";

const NOW = 1_790_000_000;
const ISSUER = "https://issuer.example.org";
const AUDIENCE = "https://data.example.org";

const key = testKey("ES256", "key-1");
const stranger = testKey("ES256", "key-1");

const trust: ContractOptions = {
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] } },
  audience: AUDIENCE,
  clock: () => NOW,
};

const dead: ContractOptions = {
  issuer: ISSUER,
  audience: AUDIENCE,
  clock: () => NOW,
  keys: { fetch: () => Promise.reject(new TypeError("fetch failed")) },
};

const inArea: ContractOptions = {
  ...trust,
  issuer: { issuer: ISSUER, jwks: { keys: [key.jwk] }, basePath: "/area" },
  scope: fromRequest(),
};

const grouped: ContractOptions = { ...trust, scope: "storage.read:/data", groups: ["/cms/uscms"] };

function claims(more: object): object {
  return { iss: ISSUER, aud: AUDIENCE, sub: "alice", ver: "scitoken:2.0", iat: NOW, nbf: NOW, exp: NOW + 60, ...more };
}

const token = (scopes: string, more: object = {}): string => signToken(key, claims({ scope: scopes, ...more }));
const wlcgToken = (more: object): string =>
  signToken(key, claims({ ver: undefined, "wlcg.ver": "1.0", jti: "1", ...more }));
const bearer = (raw: string): string => `Authorization: Bearer ${raw}`;

const T = token("read:/data write:/scratch");
const FORGED = signToken(stranger, claims({ scope: "read:/data", sub: "mallory" }));

const harnesses: readonly Harness[] = [
  expressHarness("Express 4", express4 as unknown as typeof express5, "*"),
  expressHarness("Express 5", express5, "*below"),
  nodeHarness,
];

describe.each(harnesses)("$name", (harness) => {
  let served: Served;
  const send = (request: RawRequest): Promise<RawResponse> => rawRequest(served.port, request);
  const get = (target: string, ...lines: readonly string[]): Promise<RawResponse> => send({ target, lines });

  beforeAll(async () => {
    served = await harness.serve([
      { method: "get", path: "/data", protect: { ...trust, scope: "read:/data" } },
      {
        method: "get",
        path: "/all",
        protect: { ...trust, scope: ["read:/data", "write:/scratch/a b".replace(" ", "%20")] },
      },
      { method: "get", path: "/any", protect: { ...trust, scope: anyOf("admin", "read:/data") } },
      { method: "get", path: "/login", protect: trust },
      { method: "get", path: "/optional", protect: { ...trust, optional: true } },
      { method: "get", path: "/realm", protect: { ...trust, realm: "frames of H1" } },
      { method: "get", path: "/custom", protect: { ...trust, scope: "read:/data", onError: "custom" } },
      { method: "get", path: "/dead", protect: dead },
      { method: "get", path: "/groups", protect: grouped },
      { method: "get", path: "/only-groups", protect: { ...trust, groups: ["/cms/uscms"] } },
      { method: "get", path: "/broken", protect: { ...trust, scope: "read:/data" }, broken: true },
      {
        method: "get",
        path: "/broken-rule",
        protect: {
          ...trust,
          scope: () => {
            throw new Error("the rule's own fault");
          },
        },
      },
      {
        method: "get",
        path: "/frames/:run",
        protect: { ...trust, scope: ({ params }) => scope`read:/frames/${params["run"]}` },
      },
      { method: "all", path: "/files/*", protect: { ...trust, scope: fromRequest() } },
      ...[undefined, null, "route", "router", 0].map((thrown): ContractRoute => ({
        method: "get",
        path: `/rejects-${thrown}`,
        // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
        protect: { ...trust, scope: () => Promise.reject(thrown) },
      })),
      { method: "all", path: "/outside/*", protect: inArea },
      { method: "all", path: "/area/*", protect: inArea },
    ]);
  });
  afterAll(() => served.close());

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
      ["a bad request path", "/files/%2e%2e/x", [bearer(token("read:/"))], 400, undefined],
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

  it("leaves an error of the handler to the framework's own 500 (H3)", async () => {
    const { status, headers } = await get("/broken", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it("leaves an error of a scope function to the framework's own 500 (H3)", async () => {
    const { status, headers } = await get("/broken-rule", bearer(T));
    expect(status).toBe(500);
    expect(headers["www-authenticate"]).toBeUndefined();
  });

  it.each(["undefined", "null", "route", "router", "0"])(
    "answers 500 when a function of the route rejects with %s (H3)",
    async (what) => {
      const { status, body } = await get(`/rejects-${what}`, bearer(T));
      expect(status).toBe(500);
      expect(body).not.toContain("reached");
    },
  );

  describe("the Authorization header (H1)", () => {
    it.each([
      ["bearer", `authorization: bearer ${T}`, 200],
      ["BEARER and two blanks", `AUTHORIZATION: BEARER  ${T}`, 200],
      ["blanks around it", `Authorization:   Bearer ${T}  `, 200],
      ["Bearers", `Authorization: Bearers ${T}`, 401],
      ["a quoted token", `Authorization: Bearer "${T}"`, 400],
      ["a tab for the blank", `Authorization: Bearer\t${T}`, 401],
      ["two tokens in one line", `Authorization: Bearer ${T}, Bearer ${T}`, 400],
      ["a no-break space", `Authorization: Bearer\u00a0${T}`, 401],
      ["another header", `X-Authorization: Bearer ${T}`, 401],
      ["a cookie", `Cookie: access_token=${T}`, 401],
    ])("%s", async (_, line, status) => {
      expect((await get("/data", line)).status).toBe(status);
    });

    it("never looks into the query (H1)", async () => {
      expect((await get(`/data?access_token=${T}`)).status).toBe(401);
    });
  });

  it("counts equal Authorization lines as one, in whatever spelling of the name (H2)", async () => {
    expect((await get("/data", bearer(T), `authorization: Bearer ${T}`)).status).toBe(200);
  });

  it("refuses different Authorization lines, whichever comes first (H2)", async () => {
    expect((await get("/data", bearer(FORGED), bearer(T))).status).toBe(400);
    expect((await get("/data", bearer(T), "Authorization:")).status).toBe(400);
    expect((await get("/data", bearer(T), "Authorization: Basic eDp5")).status).toBe(400);
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

  describe("the path of the raw target (R2, R3)", () => {
    const below = token("read:/files/a");
    it.each([
      ["/files/a", 200],
      ["/files/a/b?x=/../../secret", 200],
      ["/files/%61", 200],
      ["/files//a/./b", 200],
      ["/files/a%20b", 403],
      ["/files/ab", 403],
      ["/files/b", 403],
      ["/files/a/..", 400],
      ["/files/a/../b", 400],
      ["/files/a/%2e%2e/b", 400],
      ["/files/a/.%2E/b", 400],
      ["/files/a/%252e%252e/b", 400],
      ["/files/a%2fb", 400],
      ["/files/a%5cb", 400],
      ["/files/a\\..\\b", 400],
      ["/files/a%00", 400],
      ["/files/a%0d%0a", 400],
      ["/files/a%zz", 400],
      ["/files/a%2", 400],
      ["/files/a/%c0%ae%c0%ae/b", 400],
      ["/files/a/%ff", 400],
    ])("GET %s: %i", async (target, status) => {
      expect((await get(target, bearer(below))).status).toBe(status);
    });
  });

  it("names the path that was needed, encoded again, and relative to the issuer's base path (H4, S8)", async () => {
    const { headers } = await get("/area/my%20file/(1)", bearer(token("read:/other")));
    expect(headers["www-authenticate"]).toContain('scope="storage.read:/my%20file/%281%29"');
  });

  it("judges a path relative to the issuer's base path (S8)", async () => {
    expect((await get("/area/data/x", bearer(token("read:/data")))).status).toBe(200);
    expect((await get("/area/data/x", bearer(token("read:/area/data")))).status).toBe(403);
  });

  it("reads with GET, looks with HEAD, and refuses what it does not know (R3)", async () => {
    const method = async (name: string, scopes: string): Promise<number> =>
      (await send({ method: name, target: "/files/a", lines: [bearer(token(scopes))] })).status;
    expect(await method("HEAD", "read:/files")).toBe(200);
    expect(await method("HEAD", "write:/files")).toBe(200);
    expect(await method("HEAD", "read:/other")).toBe(403);
    expect(await method("GET", "write:/files")).toBe(403);
    expect(await method("DELETE", "read:/ write:/")).toBe(403);
    expect(await method("PROPFIND", "read:/ write:/")).toBe(403);
  });

  it("says nothing of paths to whoever has no good token (R6)", async () => {
    expect((await get("/files/a/../b")).status).toBe(401);
    expect((await get("/files/a/../b", bearer(FORGED))).status).toBe(401);
    expect((await get("/files/a")).headers["www-authenticate"]).toBe('Bearer realm="scitokens"');
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
});
