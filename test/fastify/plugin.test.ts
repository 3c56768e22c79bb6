// The plugin: routes protected by their configuration, in contexts and before anything is awaited. Both versions.
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import named, { anyOf, getToken, scitokens, scope } from "@scitokens/fastify";
import type { RouteConfig } from "@scitokens/fastify";
import { ask, AUDIENCE, CHALLENGE, ISSUER, key, OTHER, otherTrust, status, token, trust, versions } from "./fixture.js";

const T = token("read:/data");
const read = { config: { scitokens: { scope: "read:/data" } } };
const wrong = (config: unknown): { config: { scitokens: RouteConfig } } => ({
  config: { scitokens: config as RouteConfig },
});

describe.each(versions)("%s", (_, framework) => {
  const apps: FastifyInstance[] = [];
  const create: typeof framework = ((options: object) => {
    const app = framework(options);
    apps.push(app);
    return app;
  }) as unknown as typeof framework;
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  it("protects what a route's configuration names, and leaves other routes open (H3)", async () => {
    const app = create();
    await app.register(scitokens, trust);
    app.get("/data", read, (request) => ({ subject: request.scitoken?.subject }));
    app.get("/login", { config: { scitokens: {} } }, (request) => ({ subject: getToken(request).subject }));
    app.get("/open", (request) => ({ token: request.scitoken ?? null }));
    expect(await ask(app, "/data")).toMatchObject({ status: 401, challenge: CHALLENGE });
    expect(await ask(app, "/data", T)).toMatchObject({ status: 200, body: '{"subject":"alice"}' });
    expect(await status(app, "/data", token("read:/other"))).toBe(403);
    expect([await status(app, "/login"), await status(app, "/login", token("x"))]).toEqual([401, 200]);
    expect(await ask(app, "/open", T)).toMatchObject({ status: 200, body: '{"token":null}' });
  });

  it("shares issuer and audience between hooks of app.scitokens.protect() and configured routes (I15)", async () => {
    const app = create();
    await app.register(scitokens, { ...trust, realm: "frames" });
    const { protect, token: tokenOf, enforcer } = app.scitokens;
    app.get("/hook", { onRequest: protect({ scope: "read:/data" }) }, (request) => ({
      email: tokenOf<{ readonly email: string }>(request).get("email"),
    }));
    app.get("/late", { preHandler: [protect({ scope: anyOf("admin", "read:/data") })] }, () => "late");
    app.get("/any", { onRequest: protect() }, () => "any");
    const raw = token("read:/data", { email: "a@example.org" });
    expect(await ask(app, "/hook", raw)).toMatchObject({ status: 200, body: '{"email":"a@example.org"}' });
    expect((await ask(app, "/hook")).challenge).toBe('Bearer realm="frames", scope="read:/data"');
    expect([await status(app, "/late"), await status(app, "/late", raw)]).toEqual([401, 200]);
    expect([await status(app, "/any"), await status(app, "/any", token("x"))]).toEqual([401, 200]);
    expect(enforcer.status()).toHaveLength(1);
  });

  it("gives scope functions the request, with the parameters of the route (R4)", async () => {
    const app = create();
    await app.register(scitokens, trust);
    const runs: RouteConfig = { scope: async ({ params }) => scope`read:/runs/${params["run"]}` };
    app.get("/runs/:run", { config: { scitokens: runs } }, () => "run");
    expect(await status(app, "/runs/O4", token("read:/runs/O4"))).toBe(200);
    expect(await status(app, "/runs/O3", token("read:/runs/O4"))).toBe(403);
    expect(await status(app, "/runs/..%2fO4", token("read:/"))).toBe(400);
  });

  it("lets a request without credentials through where the token is optional (H8)", async () => {
    const app = create();
    await app.register(scitokens, trust);
    app.get("/", { config: { scitokens: { optional: true } } }, (request) => request.scitoken?.subject ?? "nobody");
    expect((await ask(app, "/")).body).toBe("nobody");
    expect((await ask(app, "/", T)).body).toBe("alice");
    expect(await status(app, "/", "abc")).toBe(401);
  });

  it("guards the HEAD route beside a GET route (H3)", async () => {
    const app = create({ exposeHeadRoutes: true });
    await app.register(scitokens, trust);
    app.get("/data", read, () => "data");
    expect(await status(app, "/data", undefined, { method: "HEAD" })).toBe(401);
    expect(await status(app, "/data", T, { method: "HEAD" })).toBe(200);
  });

  it("refuses before the body is read, or anything else is done with the request (H3)", async () => {
    const app = create();
    await app.register(scitokens, trust);
    const parse = vi.fn((_request: unknown, _payload: unknown, done: (error: null, body: string) => void) =>
      done(null, "parsed"),
    );
    app.addContentTypeParser("text/own", parse);
    app.post("/data", { ...read, preValidation: parse as never }, () => "reached");
    const more = { method: "POST", payload: "x", headers: { "content-type": "text/own" } };
    expect(await status(app, "/data", undefined, more)).toBe(401);
    expect(parse).not.toHaveBeenCalled();
  });

  it("asks for nothing where no route is found", async () => {
    const app = create();
    await app.register(scitokens, trust);
    app.setNotFoundHandler((_request, reply) => reply.code(404).send("nothing here"));
    expect(await ask(app, "/missing")).toMatchObject({ status: 404, body: "nothing here" });
  });

  it("protects routes that are declared before the plugin is loaded, in its context and in those below it", async () => {
    const app = create();
    app.register(async (below) => {
      below.get("/before", read, () => "reached");
    });
    app.register(scitokens, trust);
    app.get("/data", read, () => "reached");
    app.register(async (below) => {
      below.get("/after", read, () => "reached");
    });
    for (const path of ["/before", "/data", "/after"]) {
      expect([path, await status(app, path), await status(app, path, T)]).toEqual([path, 401, 200]);
    }
  });

  it("protects contexts below it, with their prefixes and routes at their roots", async () => {
    const app = create();
    await app.register(scitokens, trust);
    app.register(
      async (area) => {
        area.get("/", read, () => "root");
        area.register(async (inner) => void inner.get("/data", read, () => "inner"), { prefix: "/inner" });
      },
      { prefix: "/area" },
    );
    for (const path of ["/area", "/area/", "/area/inner/data"]) {
      expect([path, await status(app, path), await status(app, path, T)]).toEqual([path, 401, 200]);
    }
  });

  it("trusts other issuers in contexts side by side, for the very same configuration (I12)", async () => {
    const app = create();
    const area =
      (options: typeof trust): FastifyPluginAsync =>
      async (context) => {
        await context.register(scitokens, options);
        context.get("/data", read, (request) => request.scitoken?.issuer);
      };
    app.register(area(trust), { prefix: "/one" });
    app.register(area(otherTrust), { prefix: "/two" });
    const other = token("read:/data", { iss: OTHER });
    expect([await status(app, "/one/data", T), await status(app, "/one/data", other)]).toEqual([200, 401]);
    expect([await status(app, "/two/data", T), await status(app, "/two/data", other)]).toEqual([401, 200]);
  });

  it("fetches the keys once for fifty routes with equal options (I15, I6)", async () => {
    const issuer = "https://fifty.example.org";
    const urls: string[] = [];
    const fetchKeys = (url: unknown): Promise<Response> => {
      urls.push(String(url));
      const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
      return Promise.resolve(Response.json(String(url).endsWith("/jwks") ? { keys: [key.jwk] } : metadata));
    };
    const app = create();
    const keys = { fetch: fetchKeys };
    await app.register(scitokens, { issuer, audience: AUDIENCE, keys, clock: trust.clock as () => number });
    for (let i = 0; i < 50; i++) app.get(`/r${i}`, { config: { scitokens: { scope: `read:/r${i}` } } }, () => "r");
    const raw = token("read:/", { iss: issuer });
    const all = await Promise.all(Array.from({ length: 50 }, (_unused, i) => status(app, `/r${i}`, raw)));
    expect(new Set(all)).toEqual(new Set([200]));
    expect(urls).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
  });

  it("is what is exported by default, too", () => {
    expect(named).toBe(scitokens);
  });

  describe("at start", () => {
    it.each([
      ["audiance", { ...trust, audiance: "x" }, /unknown option 'audiance'; did you mean 'audience'\?/],
      ["no audience", { issuer: ISSUER }, /audience: expected this server's name/],
      ["no options", undefined, /audience: expected this server's name/],
      ["an undefined scope", { ...trust, scope: undefined }, /scope: expected a value, not undefined/],
      ["onError that is no function", { ...trust, onError: true }, /onError: expected a function/],
    ])("refuses %s with a sentence that names it (R4)", async (_name, options, message) => {
      const app = create();
      await expect(async () => app.register(scitokens, options as never)).rejects.toThrow(message);
    });

    const mistakes: readonly (readonly [string, unknown, RegExp])[] = [
      ["undefined", undefined, /expected an object/],
      ["null", null, /expected an object/],
      ["a scope that is not in an object", "read:/data", /expected an object, as \{ scope: 'read:\/data' \}/],
      ["true", true, /expected an object/],
      ["a list", ["read:/data"], /expected an object/],
      ["an empty list", [], /expected an object/],
      ["an undefined scope", { scope: undefined }, /scope: expected a value, not undefined/],
      ["a bad scope", { scope: "read" }, /scope 'read'/],
      ["a misspelt option", { scoope: "read:/" }, /did you mean 'scope'/],
      ["what belongs to the plugin", { issuer: ISSUER }, /unknown option 'issuer'/],
      ["onError that is no function", { onError: 5 }, /onError: expected a function/],
    ];

    it.each(mistakes)(
      "refuses %s where a route is declared, and names the route (R4)",
      async (_name, config, message) => {
        const app = create();
        await app.register(scitokens, trust);
        const declare = (): unknown => app.get("/data", wrong(config), () => "reached");
        expect(declare).toThrow(TypeError);
        expect(declare).toThrow(message);
        expect(declare).toThrow(/^GET \/data: config\.scitokens: /);
      },
    );

    it.each(mistakes)(
      "refuses to start with %s in a route that was declared too early (R4)",
      async (_n, config, message) => {
        const app = create();
        app.register(async (below) => void below.get("/data", wrong(config), () => "reached"));
        app.register(scitokens, trust);
        await expect(async () => app.ready()).rejects.toThrow(message);
      },
    );

    it("refuses in app.scitokens.protect() what belongs elsewhere (I15, R4)", async () => {
      const app = create();
      await app.register(scitokens, trust);
      const { protect } = app.scitokens;
      expect(() => protect({ issuer: ISSUER } as never)).toThrow(/unknown option 'issuer'/);
      expect(() => protect({ onError: 5 } as never)).toThrow(/onError: expected a function/);
      expect(() => protect({ scope: undefined } as never)).toThrow(/scope: expected a value, not undefined/);
      for (const nothing of [null, [], "read:/data"]) {
        expect(() => protect(nothing as never)).toThrow(/expected an object, as/);
      }
    });

    it("refuses to start where a configured route is in no context of the plugin's", async () => {
      const app = create();
      app.register(async (context) => void (await context.register(scitokens, trust)));
      app.register(async (context) => void context.get("/data", read, () => "reached"), { prefix: "/v1" });
      await expect(async () => app.ready()).rejects.toThrow(/^GET \/v1\/data: config\.scitokens is enforced by nobody/);
    });

    it("starts where a plugin that registers it is one for others", async () => {
      const app = create();
      const ours: FastifyPluginAsync = async (context) => void (await context.register(scitokens, trust));
      // What fastify-plugin does.
      app.register(Object.assign(ours, { [Symbol.for("skip-override")]: true }));
      app.register(async (context) => void context.get("/data", read, () => "reached"));
      expect([await status(app, "/data"), await status(app, "/data", T)]).toEqual([401, 200]);
    });

    it("starts and protects where there are several copies of it, or the application is older than it", async () => {
      const app = create();
      vi.resetModules();
      const copy = await import("@scitokens/fastify");
      expect(copy.scitokens).not.toBe(scitokens);
      app.register(copy.scitokens, trust);
      app.get("/data", read, () => "reached");
      app.get("/wrong", wrong({ scope: "read" }), () => "reached");
      // Only what is there when an application is made is told of its routes: a wrong one is found when it is asked for.
      expect([await status(app, "/data"), await status(app, "/data", T), await status(app, "/wrong", T)]).toEqual([
        401, 200, 500,
      ]);
    });

    it("refuses to be registered twice, in one context or below it", async () => {
      const message = /registered already, in this context or above it/;
      const same = create();
      await same.register(scitokens, trust);
      await expect(async () => same.register(scitokens, otherTrust)).rejects.toThrow(message);
      const below = create();
      await below.register(scitokens, trust);
      below.register(async (context) => void (await context.register(scitokens, otherTrust)));
      await expect(async () => below.ready()).rejects.toThrow(message);
    });

    it("opens nothing where it comes late above a context that has it", async () => {
      const app = create();
      app.register(async (context) => {
        await context.register(scitokens, trust);
        context.get("/data", read, () => "reached");
      });
      app.register(scitokens, otherTrust);
      expect([await status(app, "/data"), await status(app, "/data", token("read:/data", { iss: OTHER }))]).toEqual([
        401, 401,
      ]);
    });
  });
});

it("answers 500, and lets nobody through, where a wrong option was hidden from the start (R4, H3)", async () => {
  for (const [, framework] of versions) {
    const app = framework();
    await app.register(scitokens, trust);
    // What is made wrong after it was looked at.
    app.addHook("onRoute", (route) => void Object.assign(route, wrong({ scope: 5 })));
    app.get("/data", () => "reached");
    expect(await status(app, "/data", T)).toBe(500);
    await app.close();
  }
});
