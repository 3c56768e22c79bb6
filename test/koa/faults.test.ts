// What an application's functions throw in Koa is its own fault, and nobody's token's. Rule H3. Both versions.
import type { Context, Middleware } from "koa";
import type Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, protect } from "@scitokens/koa";
import { application, serve, token, trust, versions } from "./fixture.js";
import type { Service } from "./fixture.js";

const ok: Middleware = (ctx) => void (ctx.body = "reached");

describe.each(versions)("%s", (_, Application) => {
  const services: Service[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
  });

  async function get(app: Koa, raw: string): Promise<Response> {
    const service = await serve(app);
    services.push(service);
    return service.get("/data", raw);
  }

  it.each([undefined, null, "route", 0])("answers 500 when a function throws %s (H3)", async (thrown) => {
    const functions = [
      { ...trust, scope: () => Promise.reject(thrown) },
      { ...trust, isRevoked: () => Promise.reject(thrown) },
      { ...trust, scope: "read:/other", onError: () => Promise.reject(thrown) },
    ];
    for (const options of functions) {
      const { app, seen } = application(Application, problemDetails(), protect(options), ok);
      const response = await get(app, token("read:/data"));
      expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
      expect(seen).toMatchObject([{ name: "Error", cause: thrown }]);
    }
  });

  it.each([
    ["a client that was refused", { status: 401, headers: { "X-Upstream": "secret" } }],
    ["a client of another make", { statusCode: 403 }],
    ["a file that is missing", { code: "ENOENT" }],
  ])("takes the error of %s for a fault, not for an answer (H3)", async (_name, more) => {
    const fault = Object.assign(new Error("from below"), more);
    const isRevoked = (): never => {
      throw fault;
    };
    const { app, seen } = application(Application, problemDetails(), protect({ ...trust, isRevoked }), ok);
    const response = await get(app, token("read:/data"));
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
    expect(response.headers.get("x-upstream")).toBeNull();
    expect((seen[0] as Error).message).toContain("from below");
    expect((seen[0] as Error).cause).toBe(fault);
  });

  it("passes on other errors of functions, and what they throw by ctx.throw, as they are (H3)", async () => {
    const fault = new Error("the database is down");
    const failing = application(Application, protect({ ...trust, scope: () => Promise.reject(fault) }), ok);
    expect((await get(failing.app, token("read:/data"))).status).toBe(500);
    expect(failing.seen[0]).toBe(fault);
    const hiding = application(
      Application,
      protect({ ...trust, scope: "read:/x", onError: (_refusal, ctx) => ctx.throw(404) }),
      ok,
    );
    expect((await get(hiding.app, token("read:/data"))).status).toBe(404);
    const gone = application(
      Application,
      protect({ ...trust, scope: (ctx: Context) => ctx.throw(410, "this run is gone") }),
      ok,
    );
    const response = await get(gone.app, token("read:/data"));
    expect([response.status, await response.text()]).toEqual([410, "this run is gone"]);
  });
});
