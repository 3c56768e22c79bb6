// How refusals go up through a Koa application, and what is printed of them. Rules H4, H5. Both versions.
import type { Context, Middleware } from "koa";
import type Koa from "koa";
import { afterEach, describe, expect, it, vi } from "vitest";
import { problemDetails, protect, Refusal } from "@scitokens/koa";
import { application, serve, token, trust, versions } from "./fixture.js";
import type { Service } from "./fixture.js";

const CHALLENGE = 'Bearer realm="scitokens", scope="read:/data"';
const read = protect({ ...trust, scope: "read:/data" });
const ok: Middleware = (ctx) => void (ctx.body = "reached");

describe.each(versions)("%s", (_, Application) => {
  let service: Service | undefined;
  afterEach(async () => {
    vi.restoreAllMocks();
    await service?.close();
    service = undefined;
  });

  async function get(app: Koa, raw?: string): Promise<Response> {
    service ??= await serve(app);
    return service.get("/data", raw);
  }

  it("hands refusals to the application's error handling, status and challenge set before (H5)", async () => {
    const seen: unknown[] = [];
    const ownPage: Middleware = async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        seen.push(error);
        ctx.body = "my own page";
      }
    };
    const response = await get(application(Application, ownPage, read, ok).app);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(CHALLENGE);
    expect(await response.text()).toBe("my own page");
    expect(seen[0]).toBeInstanceOf(Refusal);
    expect(seen[0]).toMatchObject({ status: 401, expose: true, cause: { name: "MissingTokenError" } });
  });

  it("says no more in Koa's own answer than the problem document does (H4)", async () => {
    const response = await get(application(Application, read, ok).app, token("read:/other", { sub: "mallory" }));
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    expect(await response.text()).toBe("the access token does not cover this request");
  });

  it("prints no refusal, whether the token or the issuer is at fault, and tells whoever listens (H6)", async () => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const unreachable = { fetch: (): Promise<Response> => Promise.reject(new TypeError("fetch failed")) };
    const dead = protect({ issuer: "https://dead.example.org", audience: "x", clock: () => 0, keys: unreachable });
    const { app } = application(Application, (ctx, next) =>
      ctx.query["dead"] === undefined ? read(ctx, next) : dead(ctx, next),
    );
    app.silent = false;
    const told: unknown[] = [];
    service = await serve(app); // from here on, Koa's own listener is there
    app.on("error", (error) => told.push(error));
    expect((await service.get("/data")).status).toBe(401);
    expect((await service.get("/data?dead", token("x", { iss: "https://dead.example.org" }))).status).toBe(503);
    expect(printed.mock.calls).toEqual([]);
    expect(told).toMatchObject([{ code: "missing_token" }, { code: "issuer_unavailable" }]);
  });

  it("answers with a problem document, of which the application's listeners hear nothing (H5)", async () => {
    const { app, seen } = application(Application, problemDetails(), read, ok);
    const told = vi.fn();
    app.on("error", told);
    const response = await get(app);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 401, code: "missing_token" });
    expect([seen, told.mock.calls]).toEqual([[], []]);
  });

  it("leaves other errors to whoever is above problemDetails(), as they are (H3)", async () => {
    const fault = Object.assign(new Error("the handler's own fault"), { status: 418 });
    const { app, seen } = application(Application, problemDetails(), read, () => Promise.reject(fault));
    expect((await get(app, token("read:/data"))).status).toBe(418);
    expect(seen).toEqual([fault]);
    expect(seen[0]).toBe(fault);
  });

  it("leaves an answer that has begun as it is (H5)", async () => {
    const begin: Middleware = (ctx, next) => {
      ctx.status = 200;
      ctx.set("Content-Type", "text/plain");
      ctx.res.write("begun");
      return next().finally(() => ctx.res.end());
    };
    const { app, seen } = application(Application, problemDetails(), begin, read, ok);
    const response = await get(app);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain"]);
    expect(await response.text()).toBe("begun");
    expect(seen).toMatchObject([{ code: "missing_token" }]);
  });

  it("waits for onError, and never goes on after it (H5)", async () => {
    const onError = vi.fn(async (refusal: Refusal, ctx: Context) => {
      await Promise.resolve();
      ctx.body = `late ${refusal.code}`;
    });
    const reached = vi.fn(ok);
    const { app, seen } = application(Application, protect({ ...trust, scope: "read:/data", onError }), reached);
    const response = await get(app);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, CHALLENGE]);
    expect(await response.text()).toBe("late missing_token");
    expect(onError.mock.calls[0]).toHaveLength(2);
    expect(reached).not.toHaveBeenCalled();
    expect(seen).toEqual([]);
  });

  it("looks like a refusal even if onError leaves the body empty (H5)", async () => {
    const onError = (_refusal: Refusal, ctx: Context): void => void (ctx.body = null);
    const response = await get(application(Application, protect({ ...trust, scope: "read:/data", onError }), ok).app);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, CHALLENGE]);
  });

  it("passes a refusal on that onError throws (H5)", async () => {
    const onError = (refusal: Refusal): never => {
      throw refusal;
    };
    const { app } = application(Application, problemDetails(), protect({ ...trust, onError }), ok);
    expect(await (await get(app)).json()).toMatchObject({ code: "missing_token" });
  });
});
