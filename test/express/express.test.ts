// What is Express's own in the adapter: mounting, error handlers, one key fetch for all routes, types. Both versions.
import type { Express, Request, Response } from "express";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { anyOf, getToken, problemDetails, protect, Refusal, scitokens, scope } from "@scitokens/express";
import type { SciToken } from "@scitokens/express";
import { createTestIssuer } from "@scitokens/issuer";
import type { Served } from "../contract/harness.js";
import { listen } from "../contract/listen.js";
import { AUDIENCE, bearer, ISSUER, key, token, trust, versions } from "./fixture.js";

describe.each(versions)("%s", (_, express) => {
  let served: Served | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  async function get(app: Express, path: string, raw?: string): Promise<globalThis.Response> {
    app.set("env", "test");
    served ??= await listen(app);
    return fetch(`http://127.0.0.1:${served.port}${path}`, { headers: raw === undefined ? {} : bearer(raw) });
  }

  const ok = (request: Request, response: Response): void => void response.json({ subject: getToken(request).subject });

  it("protects a whole application with app.use", async () => {
    const app = express();
    app.use(protect({ ...trust, scope: "read:/data" }));
    app.get("/data", ok);
    expect(await (await get(app, "/data", token("read:/"))).json()).toEqual({ subject: "alice" });
    expect((await get(app, "/data")).status).toBe(401);
  });

  it("judges the path that came in, not the one a mounted router sees (R2)", async () => {
    const { fromRequest } = await import("@scitokens/express");
    const router = express.Router();
    router.get("/:file", protect({ ...trust, scope: fromRequest() }), ok);
    const app = express().use("/store", router);
    expect((await get(app, "/store/a", token("read:/store/a"))).status).toBe(200);
    expect((await get(app, "/store/a", token("read:/a"))).status).toBe(403);
  });

  it("fetches the keys once for fifty routes with equal options (I15, I6)", async () => {
    const issuer = "https://fifty.example.org";
    const urls: string[] = [];
    const fetchKeys = (url: unknown): Promise<globalThis.Response> => {
      urls.push(String(url));
      const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
      return Promise.resolve(Response.json(String(url).endsWith("/jwks") ? { keys: [key.jwk] } : metadata));
    };
    const app = express();
    for (let i = 0; i < 50; i++) {
      app.get(`/r${i}`, protect({ issuer, audience: AUDIENCE, scope: `read:/r${i}`, keys: { fetch: fetchKeys } }), ok);
    }
    const raw = token("read:/", { iss: issuer });
    const { port } = (served = await listen(app));
    const all = Array.from({ length: 50 }, (_unused, i) =>
      fetch(`http://127.0.0.1:${port}/r${i}`, { headers: bearer(raw) }),
    );
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(urls).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
  });

  it("hands refusals to the application's error handlers, the challenge set on the response before (H5)", async () => {
    const seen: unknown[] = [];
    const app = express();
    app.get("/data", protect({ ...trust, scope: "read:/data" }), ok);
    app.use((error: unknown, _request: Request, response: Response, _next: () => void) => {
      seen.push(error);
      response.send("my own page");
    });
    const response = await get(app, "/data");
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="scitokens", scope="read:/data"');
    expect(await response.text()).toBe("my own page");
    expect(seen[0]).toBeInstanceOf(Refusal);
    expect(seen[0]).toMatchObject({ status: 401, statusCode: 401, expose: true, code: "missing_token" });
    expect((seen[0] as Refusal).cause).toMatchObject({ name: "MissingTokenError" });
  });

  it("says no more on Express's own error page than the problem document does (H4)", async () => {
    const app = express();
    app.get("/data", protect({ ...trust, scope: "read:/data" }), ok);
    const response = await get(app, "/data", token("read:/other", { sub: "mallory" }));
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    const page = await response.text();
    expect(page).toContain("the access token does not cover this request");
    expect(page).not.toMatch(/mallory|\.ts|\.js|InsufficientScopeError/);
  });

  it("leaves errors that are not its own to the next handler", async () => {
    const app = express();
    app.get("/data", () => {
      throw new Error("not ours");
    });
    app.use(problemDetails());
    app.use(
      (error: Error, _request: Request, response: Response, _next: () => void) => void response.send(error.message),
    );
    expect(await (await get(app, "/data")).text()).toBe("not ours");
  });

  it("passes an error of the program on with next, as what it is", async () => {
    const app = express();
    const isRevoked = (): never => {
      throw new Error("the database is down");
    };
    app.get("/data", protect({ ...trust, isRevoked, scope: "read:/data" }), ok);
    app.use(
      (error: Error, _request: Request, response: Response, _next: () => void) => void response.send(error.message),
    );
    expect(await (await get(app, "/data", token("read:/"))).text()).toBe("the database is down");
  });

  describe("onError", () => {
    type OnError = NonNullable<Parameters<typeof protect>[0]["onError"]>;

    async function answerOf(onError: OnError): Promise<readonly [number, string | null, string]> {
      const app = express();
      app.get("/data", protect({ ...trust, scope: "read:/data", onError }), () => {
        throw new Error("reached");
      });
      app.use((error: Error, _request: Request, response: Response, _next: () => void) => {
        response.send(`page: ${error.message}`);
      });
      const response = await get(app, "/data");
      return [response.status, response.headers.get("www-authenticate"), await response.text()];
    }
    const challenge = 'Bearer realm="scitokens", scope="read:/data"';

    it("passes the refusal on by next(), and never goes on to what is protected (H5)", async () => {
      const [status, header, page] = await answerOf((_refusal, _request, _response, next) => next());
      expect([status, header]).toEqual([401, challenge]);
      expect(page).toMatch(/^page: an access token is needed/);
    });

    it.each<readonly [string, OnError]>([
      ["throws", () => assertFault()],
      ["rejects", () => Promise.reject(new Error("its own fault"))],
      ["passes on", (_refusal, _request, _response, next) => next(new Error("its own fault"))],
    ])(
      "ends as the program's error when it %s, without status and challenge of the refusal (H3)",
      async (__, onError) => {
        const [status, header, page] = await answerOf(onError);
        expect([status, header, page]).toEqual([200, null, "page: its own fault"]); // 200: this page sets no status
      },
    );

    it("ends as the framework's own 500 when it rejects with nothing (H3)", async () => {
      // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
      const [, , page] = await answerOf(() => Promise.reject());
      expect(page).toContain("threw what is no Error");
    });

    it.each([undefined, null, 0, "", false, "route", "router"])(
      "passes the refusal on by next(%j), at a route and for a whole application (H5)",
      async (said) => {
        const onError: OnError = (_refusal, _request, _response, next) => next(said);
        expect((await answerOf(onError)).slice(0, 2)).toEqual([401, challenge]);
        await served?.close();
        served = undefined;
        const app = express().use(protect({ ...trust, scope: "read:/data", onError }), problemDetails());
        app.get("/data", (_request, response) => void response.send("reached"));
        const response = await get(app, "/data");
        expect([response.status, await response.text()]).toEqual([401, expect.not.stringContaining("reached")]);
      },
    );
  });

  it("keeps the token that was judged last, where two enforcers are asked", async () => {
    const app = express();
    const seen: unknown[] = [];
    const look = (request: Request, _response: Response, next: () => void): void => {
      seen.push(request.scitoken);
      next();
    };
    const [first, second] = [protect(trust), protect({ ...trust, clockTolerance: 30 })] as const;
    app.get("/data", first, look, second, look, (_request: Request, response: Response) => void response.send("ok"));
    await get(app, "/data", token("read:/"));
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it("serves metadata by the path that came in, below a mounted prefix of it (H7)", async () => {
    const auth = scitokens({ ...trust, resourceMetadata: { resource: AUDIENCE } });
    const app = express().use("/.well-known", auth.metadata());
    expect((await get(app, "/.well-known/oauth-protected-resource")).status).toBe(200);
  });

  it("lets later handlers narrow what an earlier one allowed", async () => {
    const app = express();
    app.use(protect(trust));
    app.get("/data", (request, response) => {
      response.json({
        read: getToken(request).allows("read", "/data"),
        write: getToken(request).allows("write", "/data"),
      });
    });
    expect(await (await get(app, "/data", token("read:/data"))).json()).toEqual({ read: true, write: false });
  });

  it("shares issuer and audience between routes with scitokens()", async () => {
    const auth = scitokens<{ readonly email: string }>({ ...trust, realm: "frames" });
    const app = express();
    app.get("/read", auth.protect({ scope: "read:/data" }), (request, response) => {
      response.json({ email: auth.token(request).get("email") });
    });
    app.get("/any", auth.protect({ scope: anyOf("admin", "read:/data") }), ok);
    app.get("/run/:run", auth.protect({ scope: (request) => scope`read:/data/${request.params["run"]}` }), ok);
    app.get("/login", auth.protect(), ok);
    app.use(problemDetails());
    const raw = token("read:/data", { email: "a@example.org" });
    expect(await (await get(app, "/read", raw)).json()).toEqual({ email: "a@example.org" });
    expect((await get(app, "/any", raw)).status).toBe(200);
    expect((await get(app, "/run/H1", raw)).status).toBe(200);
    expect((await get(app, "/run/..%2fL1", raw)).status).toBe(400);
    expect((await get(app, "/login", token("other"))).status).toBe(200);
    expect((await get(app, "/read")).headers.get("www-authenticate")).toContain('realm="frames"');
    expect(auth.enforcer.status()).toHaveLength(1);
  });

  it("answers 503 with Retry-After while the keys cannot be had, and goes on when they can (H3, I9)", async () => {
    let up = false;
    let now = Date.now() / 1000;
    const issuer = "https://flaky.example.org";
    const fetchKeys = vi.fn(() =>
      up ? Promise.resolve(Response.json({ keys: [key.jwk] })) : Promise.reject(new TypeError("fetch failed")),
    );
    const app = express();
    const options = {
      issuer: { issuer, jwksUri: `${issuer}/jwks` },
      audience: AUDIENCE,
      keys: { fetch: fetchKeys },
      clock: (): number => now,
    };
    app.get("/data", protect(options), ok);
    app.use(problemDetails());
    const raw = token("read:/", { iss: issuer });
    const down = await get(app, "/data", raw);
    expect([down.status, down.headers.get("retry-after"), down.headers.get("www-authenticate")]).toEqual([
      503,
      expect.any(String),
      null,
    ]);
    up = true;
    now += 2;
    expect((await get(app, "/data", raw)).status).toBe(200);
  });
});

describe("protect() at start", () => {
  it.each([
    ["audiance", { ...trust, audiance: "x" }, /unknown option 'audiance'; did you mean 'audience'\?/],
    ["scopes", { ...trust, scopes: "read:/" }, /unknown option 'scopes'; did you mean 'scope'\?/],
    ["no audience", { issuer: ISSUER }, /audience: expected this server's name/],
    ["no issuer", { audience: AUDIENCE }, /issuer: expected the issuer to trust/],
    ["a bare path-bearing scope", { ...trust, scope: "read" }, /scope 'read': expected an absolute path/],
    ["an empty list of scopes", { ...trust, scope: [] }, /scope: expected at least one scope/],
    ["an empty scope", { ...trust, scope: "" }, /scope/],
    ["two scopes in one string", { ...trust, scope: "read:/a write:/b" }, /several are given as a list/],
    ["a scope with '..'", { ...trust, scope: "read:/a/../b" }, /scope 'read:\/a\/\.\.\/b'/],
    ["a path on compute", { ...trust, scope: "compute.create:/x" }, /scope 'compute.create:.x': expected no path/],
    ["a scope that no challenge can hold", { ...trust, scope: 'a"b' }, /printable ASCII/],
    ["a realm with a quote", { ...trust, realm: 'a"b' }, /realm: expected printable ASCII/],
    ["groups without a slash", { ...trust, groups: ["cms"] }, /groups: expected/],
    ["no groups", { ...trust, groups: [] }, /groups: expected/],
    ["onError that is no function", { ...trust, onError: true }, /onError: expected a function/],
    ["optional that is no boolean", { ...trust, optional: "yes" }, /optional: expected true or false/],
    ["an enforcer that is none", { enforcer: {} }, /enforcer: expected what createEnforcer\(\) returned/],
    ["an enforcer with an issuer", { enforcer: {}, issuer: ISSUER }, /unknown option 'issuer'/],
  ])("refuses %s with a sentence that names it (R4)", (_, options, message) => {
    expect(() => protect(options as Parameters<typeof protect>[0])).toThrow(message);
    expect(() => protect(options as Parameters<typeof protect>[0])).toThrow(TypeError);
  });
});

describe("scitokens() at start", () => {
  it("takes on a route what belongs to a route, and nothing else (I15)", () => {
    const auth = scitokens({ ...trust, scope: "read:/secret" });
    const wrong =
      (options: object): (() => unknown) =>
      () =>
        auth.protect(options as Parameters<typeof auth.protect>[0]);
    expect(wrong({ enforcer: auth.enforcer })).toThrow(/unknown option 'enforcer'/);
    expect(wrong({ issuer: ISSUER })).toThrow(/unknown option 'issuer'/);
    expect(wrong({ scope: undefined })).toThrow(/scope: expected a value, not undefined/);
    expect(wrong({ onError: 5 })).toThrow(/onError: expected a function/);
    expect(() => scitokens({ ...trust, onError: 5 as never })).toThrow(/onError: expected a function/);
  });
});

describe("types", () => {
  it("lets onError answer with Express's own response, and takes the issuer's keys as they are", async () => {
    const issuer = await createTestIssuer();
    protect({
      issuer: { issuer: issuer.issuer, jwks: issuer.jwks },
      audience: AUDIENCE,
      onError: (refusal, _request, response) => void response.status(refusal.status).json({ code: refusal.code }),
    });
    expectTypeOf(issuer.jwks.keys[0]).not.toBeAny();
  });

  it("types the token on the request", () => {
    expectTypeOf<Request["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
    expectTypeOf(getToken<{ email: string }>).returns.toEqualTypeOf<SciToken<{ email: string }>>();
    const auth = scitokens<{ email: string }>(trust);
    expectTypeOf<ReturnType<typeof auth.token>["claims"]["email"]>().toEqualTypeOf<string>();
    expect(() => auth.token({})).toThrow(/put protect\(\) before this handler/);
  });

  it("keeps the parameter types of the route for the handlers after it", () => {
    const [, [, express]] = versions as [unknown, (typeof versions)[number]];
    const app = express();
    app.get("/frames/:run", protect(trust), (request) => {
      expectTypeOf(request.params.run).toEqualTypeOf<string>();
    });
    expect(app).toBeDefined();
  });
});

function assertFault(): never {
  throw new Error("its own fault");
}
