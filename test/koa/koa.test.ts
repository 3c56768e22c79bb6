// What is Koa's own in the adapter: mounting, routers, state, one key fetch for all routes. Both versions.
import { Router } from "@koa/router";
import type { Middleware } from "koa";
import type Koa from "koa";
import mount from "koa-mount";
import { afterEach, describe, expect, it } from "vitest";
import { anyOf, fromRequest, getToken, problemDetails, protect, scitokens, scope } from "@scitokens/koa";
import type { ErrorHandler, ProtectOptions } from "@scitokens/koa";
import { AUDIENCE, ISSUER, serve, token, trust, key, versions } from "./fixture.js";
import type { Service } from "./fixture.js";

const ok: Middleware = (ctx) => {
  ctx.body = { subject: getToken(ctx).subject };
};

describe.each(versions)("%s", (_, Application) => {
  let service: Service | undefined;
  afterEach(async () => {
    await service?.close();
    service = undefined;
  });

  async function get(app: Pick<Koa, "callback" | "silent">, path: string, raw?: string): Promise<Response> {
    app.silent = true;
    service ??= await serve(app);
    return service.get(path, raw);
  }

  it("protects a whole application with app.use", async () => {
    const app = new Application().use(protect({ ...trust, scope: "read:/data" })).use(ok);
    expect(await (await get(app, "/data", token("read:/"))).json()).toEqual({ subject: "alice" });
    expect((await get(app, "/data")).status).toBe(401);
  });

  it("judges the path that came in, under mounts, nested routers and rewritten urls (R2)", async () => {
    const inner = new Router().get("/:file", protect({ ...trust, scope: fromRequest() }), ok);
    const router = new Router({ prefix: "/frames" }).use("/raw", inner.routes());
    const rewrite: Middleware = (ctx, next) => {
      ctx.url = ctx.url.replace("/archive", "/store");
      return next();
    };
    const app = new Application().use(rewrite).use(mount("/store", new Application().use(router.routes())));
    expect((await get(app, "/store/frames/raw/a", token("read:/store/frames/raw/a"))).status).toBe(200);
    expect((await get(app, "/store/frames/raw/a", token("read:/frames/raw/a read:/a"))).status).toBe(403);
    expect((await get(app, "/archive/frames/raw/a", token("read:/archive"))).status).toBe(200);
    expect((await get(app, "/archive/frames/raw/a", token("read:/store"))).status).toBe(403);
  });

  it("gives scope functions the context: the router's parameters, and what came before (R4)", async () => {
    const rule: ProtectOptions["scope"] = async (ctx) => {
      await Promise.resolve();
      return scope`read:/${ctx.state["area"]}/${ctx.params.run}`;
    };
    const router = new Router()
      .use((ctx, next) => {
        ctx.state["area"] = "frames";
        return next();
      })
      .get("/runs/:run", protect({ ...trust, scope: rule }), ok);
    const app = new Application().use(problemDetails()).use(router.routes());
    expect((await get(app, "/runs/O4", token("read:/frames/O4"))).status).toBe(200);
    expect((await get(app, "/runs/O3", token("read:/frames/O4"))).status).toBe(403);
    expect((await get(app, "/runs/..%2fO4", token("read:/"))).status).toBe(400);
  });

  it("leaves the state without a token where it is optional and none was sent (H8)", async () => {
    const app = new Application().use(protect({ ...trust, optional: true })).use((ctx) => {
      ctx.body = { subject: ctx.state.scitoken?.subject ?? "nobody", known: "scitoken" in ctx.state };
    });
    expect(await (await get(app, "/")).json()).toEqual({ subject: "nobody", known: true });
    expect(await (await get(app, "/", token("read:/"))).json()).toEqual({ subject: "alice", known: true });
    expect((await get(app, "/", "abc")).status).toBe(401);
  });

  it("says where the token was looked for in vain", async () => {
    let message = "";
    const app = new Application().use((ctx) => {
      try {
        ok(ctx, () => Promise.resolve());
      } catch (error) {
        message = String(error);
      }
    });
    await get(app, "/", token("read:/"));
    expect(message).toContain("put protect() before this handler");
  });

  it("fetches the keys once for fifty routes with equal options (I15, I6)", async () => {
    const issuer = "https://fifty.example.org";
    const urls: string[] = [];
    const fetchKeys = (url: unknown): Promise<Response> => {
      urls.push(String(url));
      const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
      return Promise.resolve(Response.json(String(url).endsWith("/jwks") ? { keys: [key.jwk] } : metadata));
    };
    const router = new Router();
    const options = { issuer, audience: AUDIENCE, keys: { fetch: fetchKeys }, clock: trust.clock as () => number };
    for (let i = 0; i < 50; i++) router.get(`/r${i}`, protect({ ...options, scope: `read:/r${i}` }), ok);
    const app = new Application().use(router.routes());
    const { get: ask } = (service = await serve(app));
    const all = Array.from({ length: 50 }, (_unused, i) => ask(`/r${i}`, token("read:/", { iss: issuer })));
    expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(urls).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
  });

  it("shares issuer and audience between routes with scitokens()", async () => {
    const auth = scitokens<{ readonly email: string }>({ ...trust, realm: "frames" });
    const router = new Router()
      .get("/read", auth.protect({ scope: "read:/data" }), (ctx) => {
        ctx.body = { email: auth.token(ctx).get("email") };
      })
      .get("/any", auth.protect({ scope: anyOf("admin", "read:/data") }), ok)
      .get("/login", auth.protect(), ok);
    const app = new Application().use(auth.metadata()).use(router.routes());
    const raw = token("read:/data", { email: "a@example.org" });
    expect(await (await get(app, "/read", raw)).json()).toEqual({ email: "a@example.org" });
    expect((await get(app, "/any", raw)).status).toBe(200);
    expect((await get(app, "/login", token("other"))).status).toBe(200);
    expect((await get(app, "/read")).headers.get("www-authenticate")).toContain('realm="frames"');
    expect(auth.enforcer.status()).toHaveLength(1);
    const told = await get(app, "/.well-known/oauth-protected-resource");
    expect(await told.json()).toMatchObject({ resource: AUDIENCE, authorization_servers: [ISSUER] });
  });

  it("answers by the onError that routes have in common, or by a route's own (H5)", async () => {
    const say = (text: string): ErrorHandler => {
      return (_refusal, ctx) => void (ctx.body = text);
    };
    const auth = scitokens({ ...trust, onError: say("common") });
    const router = new Router()
      .get("/common", auth.protect(), ok)
      .get("/own", auth.protect({ onError: say("own") }), ok);
    const app = new Application().use(router.routes());
    expect([(await get(app, "/common")).status, await (await get(app, "/common")).text()]).toEqual([401, "common"]);
    expect(await (await get(app, "/own")).text()).toBe("own");
  });

  it("serves the metadata by the path that came in, where it is mounted too (H7, R2)", async () => {
    const metadata = new Application().use(scitokens(trust).metadata());
    const app = new Application().use(mount("/.well-known", metadata));
    expect((await get(app, "/.well-known/oauth-protected-resource")).status).toBe(200);
    expect((await get(app, "/.well-known/.well-known/oauth-protected-resource")).status).toBe(404);
  });
});

describe("protect() and scitokens() at start", () => {
  it.each([
    ["audiance", { ...trust, audiance: "x" }, /unknown option 'audiance'; did you mean 'audience'\?/],
    ["no audience", { issuer: ISSUER }, /audience: expected this server's name/],
    ["an undefined scope", { ...trust, scope: undefined }, /scope: expected a value, not undefined/],
    ["onError that is no function", { ...trust, onError: true }, /onError: expected a function/],
  ])("refuse %s with a sentence that names it (R4)", (_, options, message) => {
    for (const start of [protect, scitokens]) {
      expect(() => start(options as never)).toThrow(message);
      expect(() => start(options as never)).toThrow(TypeError);
    }
  });

  it("take on a route what belongs to a route, and nothing else (I15)", () => {
    const auth = scitokens(trust);
    expect(() => auth.protect({ issuer: ISSUER } as never)).toThrow(/unknown option 'issuer'/);
    expect(() => auth.protect({ onError: 5 as never })).toThrow(/onError: expected a function/);
    expect(() => auth.protect({ scope: undefined as never })).toThrow(/scope: expected a value, not undefined/);
  });
});
