// @Protect and @Token in Koa, in both decorator modes and both versions.
import { Router } from "@koa/router";
import type { Context, Next } from "koa";
import type Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, Protect, Token } from "@scitokens/koa";
import type { ProtectOptions, SciToken } from "@scitokens/koa";
// Compiled by tsc beforehand (npm run build): neither vite nor Node can read TC39 decorators.
import { protectedClass } from "../out/tc39/koa-handlers.js";
import { application, serve, token, trust, versions } from "./fixture.js";
import type { Service } from "./fixture.js";

const read: ProtectOptions = { ...trust, scope: "read:/data" };
const write: ProtectOptions = { ...trust, scope: "write:/data" };

class Legacy {
  readonly name = "legacy";

  @Protect(read)
  list(ctx: Context, _next: Next, @Token() verified?: SciToken): void {
    ctx.body = { name: this.name, subject: verified?.subject };
  }

  @Protect(read)
  async around(ctx: Context, next: Next): Promise<void> {
    await next();
    ctx.body = `around ${String(ctx.body)}`;
  }

  @Protect(read)
  async late(_ctx: Context): Promise<void> {
    await Promise.resolve();
    throw new Error("late fault");
  }

  @Protect(read)
  early(_ctx: Context): void {
    throw new Error("early fault");
  }

  @Protect(read)
  nothing(_ctx: Context): Promise<void> {
    return Promise.reject();
  }

  @Protect(read)
  static list(ctx: Context, _next: Next, @Token() verified?: SciToken): void {
    ctx.body = { name: "static", subject: verified?.subject };
  }

  @Protect({ ...read, onError: (refusal, ctx) => void (ctx.body = `own page: ${refusal.code}`) })
  paged(ctx: Context): void {
    ctx.body = "paged";
  }
}

class Base {
  inherited(ctx: Context): void {
    ctx.body = { subject: ctx.state.scitoken?.subject };
  }
}

@Protect(read)
class Whole extends Base {
  list(ctx: Context, _next: Next, @Token() verified?: SciToken): void {
    ctx.body = { same: ctx.state.scitoken === verified };
  }

  @Protect(write)
  own(ctx: Context): void {
    ctx.body = { by: "own" };
  }
}

describe.each(versions)("%s", (_, Application) => {
  let service: Service | undefined;
  afterEach(async () => {
    await service?.close();
    service = undefined;
  });

  function handlers(): Koa {
    const legacy = new Legacy();
    const whole = new Whole();
    const standard = protectedClass(read, write);
    const router = new Router()
      .get("/legacy", (ctx, next) => legacy.list(ctx, next))
      .get("/around", legacy.around.bind(legacy), (ctx) => void (ctx.body = "the next"))
      .get("/late", legacy.late.bind(legacy))
      .get("/early", legacy.early.bind(legacy))
      .get("/nothing", legacy.nothing.bind(legacy))
      .get("/paged", legacy.paged.bind(legacy))
      .get("/static", Legacy.list)
      .get("/whole", whole.list.bind(whole))
      .get("/inherited", whole.inherited.bind(whole))
      .get("/own", whole.own.bind(whole))
      .get("/open", new Base().inherited)
      .get("/tc39", standard.list)
      .get("/tc39-own", standard.own);
    const { app } = application(Application, problemDetails());
    app.use(router.routes());
    return app;
  }

  async function get(path: string, scopes?: string): Promise<{ status: number; body: string }> {
    service ??= await serve(handlers());
    const response = await service.get(path, scopes === undefined ? undefined : token(scopes));
    return { status: response.status, body: await response.text() };
  }

  it.each(["/legacy", "/around", "/static", "/whole", "/inherited", "/tc39"])(
    "protects %s by read:/data",
    async (path) => {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, "read:/other")).status).toBe(403);
      expect((await get(path, "read:/data")).status).toBe(200);
    },
  );

  it("hands the token to the parameter that asks for it, and keeps this and next", async () => {
    expect((await get("/legacy", "read:/data")).body).toBe('{"name":"legacy","subject":"alice"}');
    expect((await get("/static", "read:/data")).body).toBe('{"name":"static","subject":"alice"}');
    expect((await get("/whole", "read:/data")).body).toBe('{"same":true}');
    expect((await get("/around", "read:/data")).body).toBe("around the next");
    expect((await get("/tc39", "read:/data")).body).toBe('{"by":"list","name":"frames","subject":"alice"}');
  });

  it.each(["/own", "/tc39-own"])(
    "lets what stands at a method win over what stands at its class (%s)",
    async (path) => {
      expect((await get(path, "read:/data")).status).toBe(403);
      expect((await get(path, "write:/data")).status).toBe(200);
    },
  );

  it("leaves the class above as it was", async () => {
    expect((await get("/open")).status).toBe(200);
  });

  it.each(["/late", "/early", "/nothing"])("leaves what the method throws to Koa's own 500 (%s) (H3)", async (path) => {
    expect(await get(path, "read:/data")).toEqual({ status: 500, body: "Internal Server Error" });
  });

  it("answers a method's refusals by its own onError (H5)", async () => {
    expect(await get("/paged")).toEqual({ status: 401, body: "own page: missing_token" });
    expect(await get("/paged", "read:/data")).toEqual({ status: 200, body: "paged" });
  });
});

describe("@Protect where it cannot stand", () => {
  it("refuses a field and an accessor", () => {
    const decorate = Protect(read) as (...all: unknown[]) => unknown;
    expect(() => decorate({}, "field", undefined)).toThrow(/a field or an accessor cannot be protected/);
    expect(() => decorate({}, "getter", { get: () => 1 })).toThrow(/a field or an accessor cannot be protected/);
  });

  it("refuses a wrong option where the class is defined", () => {
    expect(() => Protect({ ...trust, scoope: "read:/" } as ProtectOptions)).toThrow(/did you mean 'scope'/);
  });

  it.each([undefined, null, {}, { state: {} }])("refuses to be called without a context (%o)", (first) => {
    expect(() => new Legacy().early(first as Context)).toThrow(/called without a context/);
  });
});
