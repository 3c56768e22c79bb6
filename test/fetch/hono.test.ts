// protectFetch() in Hono, as its README shows it: the token in c.var, sub-applications, mounting, error handlers.
import { Hono } from "hono";
import { describe, expect, expectTypeOf, it } from "vitest";
import { fromRequest, protectFetch, SciToken, scitokens, scope } from "@scitokens/core/fetch";
import type { FetchGuard } from "@scitokens/core/fetch";
import type { Context, MiddlewareHandler } from "hono";
import { token, trust } from "./fixture.js";

interface Env {
  Variables: { scitoken: SciToken };
}

const auth = scitokens(trust);

const guarded =
  (guard: FetchGuard<SciToken>): MiddlewareHandler<Env> =>
  async (c, next) => {
    const scitoken = await guard(c.req.raw);
    if (!(scitoken instanceof SciToken)) return scitoken;
    c.set("scitoken", scitoken);
    return next();
  };

async function ask(app: Hono<Env>, path: string, scopes?: string): Promise<{ status: number; body: string }> {
  const headers = new Headers(scopes === undefined ? {} : { Authorization: `Bearer ${token(scopes)}` });
  const response = await app.request(path, { headers });
  return { status: response.status, body: await response.text() };
}

describe("Hono", () => {
  it("has the token in c.var behind a guard, and never reaches a handler without one (H3)", async () => {
    const app = new Hono<Env>().use(guarded(auth.protect({ scope: "read:/data" })));
    app.get("/data", (c) => {
      expectTypeOf(c.var.scitoken).toEqualTypeOf<SciToken>();
      return c.text(`reached ${c.var.scitoken.subject}`);
    });
    expect(await ask(app, "/data", "read:/")).toEqual({ status: 200, body: "reached alice" });
    expect((await ask(app, "/data")).status).toBe(401);
    expect((await ask(app, "/data", "read:/other")).status).toBe(403);
  });

  it("puts a route's parameter into the scope, where the guard is given the context (R4)", async () => {
    const readRun = auth.protect({ scope: (c: Context) => scope`read:/frames/${c.req.param("run")}` });
    const app = new Hono<Env>().get("/frames/:run", async (c) => {
      const scitoken = await readRun(c.req.raw, c);
      return scitoken instanceof SciToken ? c.text("reached") : scitoken;
    });
    expect((await ask(app, "/frames/H1", "read:/frames/H1")).status).toBe(200);
    expect((await ask(app, "/frames/a%20b", "read:/frames/a%20b")).status).toBe(200);
    expect((await ask(app, "/frames/L1", "read:/frames/H1")).status).toBe(403);
    expect((await ask(app, "/frames/H1%2f..%2fL1", "read:/frames/H1")).status).toBe(400);
  });

  it("keeps the whole path in sub-applications and under base paths (R2)", async () => {
    const files = new Hono<Env>().use(guarded(auth.protect({ scope: fromRequest() }))).get("/*", (c) => c.text("ok"));
    const app = new Hono<Env>().basePath("/v1").route("/store", files);
    expect((await ask(app, "/v1/store/a", "read:/v1/store/a")).status).toBe(200);
    expect((await ask(app, "/v1/store/a", "read:/a")).status).toBe(403);
    expect((await ask(app, "/v1/store/a", "read:/store/a")).status).toBe(403);
  });

  it("rewrites the path for what it mounts: a guard there judges what is left, one before it the whole (R2)", async () => {
    const guard = auth.protect({ scope: fromRequest() });
    const mounted = async (request: Request): Promise<Response> => {
      const decided = await guard(request);
      return decided instanceof SciToken ? new Response(request.url) : decided;
    };
    const inside = new Hono<Env>().mount("/store", mounted);
    expect(await ask(inside, "/store/a", "read:/a")).toEqual({ status: 200, body: "http://localhost/a" });
    expect((await ask(inside, "/store/a", "read:/store/a")).status).toBe(403);

    const before = new Hono<Env>().use(guarded(guard)).mount("/store", () => new Response("reached"));
    expect((await ask(before, "/store/a", "read:/store/a")).status).toBe(200);
    expect((await ask(before, "/store/a", "read:/a")).status).toBe(403);

    const whole = new Hono<Env>().mount("/store", mounted, { replaceRequest: false });
    expect((await ask(whole, "/store/a", "read:/store/a")).status).toBe(200);
  });

  it("gives its error handler an Error, whatever a scope function throws (H3)", async () => {
    for (const thrown of [undefined, null, "route", new Error("its own")]) {
      const seen: unknown[] = [];
      const app = new Hono<Env>();
      app.onError((error, c) => {
        seen.push(error);
        return c.text("fault", 500);
      });
      // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
      app.use(guarded(protectFetch({ ...trust, scope: () => Promise.reject(thrown) }))).get("/", (c) => c.text("ok"));
      expect(await ask(app, "/", "read:/")).toEqual({ status: 500, body: "fault" });
      expect(seen).toEqual([expect.any(Error)]);
    }
  });

  it("serves the metadata document from a middleware (H7)", async () => {
    const metadata = auth.metadata();
    const app = new Hono<Env>().use(async (c, next) => metadata(c.req.raw) ?? next());
    app.use(guarded(auth.protect())).get("/data", (c) => c.text("ok"));
    expect((await ask(app, "/.well-known/oauth-protected-resource")).status).toBe(200);
    expect((await ask(app, "/data")).status).toBe(401);
  });
});
