// What TypeScript knows of a protected application: the token in the state, and all else as it was. Types of Koa 2 and 3.
import { execFileSync } from "node:child_process";
import { Router } from "@koa/router";
import Application from "koa";
import type { Context, Middleware, ParameterizedContext } from "koa";
import { describe, expect, expectTypeOf, it } from "vitest";
import { getToken, problemDetails, protect, scitokens } from "@scitokens/koa";
import type { ProtectOptions, SciToken, TokenState } from "@scitokens/koa";
import { root } from "../structure/sources.js";
import { trust } from "./fixture.js";

interface Visit {
  readonly visitor: string;
}
interface Database {
  readonly database: { find(id: string): number };
}

describe("types", () => {
  it("know the token in the state of an application that declares none", () => {
    expectTypeOf<Context["state"]["scitoken"]>().toEqualTypeOf<SciToken | undefined>();
    const app: Application = new Application().use(problemDetails()).use(protect(trust));
    app.use((ctx) => {
      expectTypeOf(ctx.state.scitoken).toEqualTypeOf<SciToken | undefined>();
    });
  });

  it("add the token to a state of one's own, and leave it and the context as they are", () => {
    const app = new Application<Visit, Database>().use(problemDetails()).use(protect(trust));
    app.use((ctx) => {
      expectTypeOf(ctx.state).toExtend<Visit & TokenState>();
      expectTypeOf(ctx.database.find).returns.toBeNumber();
      // @ts-expect-error not widened
      expect(ctx.state.vistor).toBeUndefined();
      expectTypeOf(getToken<{ email: string }>(ctx)).toEqualTypeOf<SciToken<{ email: string }>>();
    });
    expectTypeOf(protect(trust)).toExtend<Middleware<Visit, Database>>();
    expectTypeOf(scitokens(trust).metadata()).toExtend<Middleware<Visit, Database>>();
  });

  it("keep what the router knows of its routes", () => {
    new Router().get("/frames/:run", protect(trust), (ctx) => {
      expectTypeOf(ctx.params).toEqualTypeOf<Record<string, string>>();
      expectTypeOf(ctx.state.scitoken).toEqualTypeOf<SciToken | undefined>();
    });
    new Router<Visit, Database>().use(protect(trust)).get("/frames/:run", protect(trust), (ctx) => {
      expectTypeOf(ctx.params).toEqualTypeOf<Record<string, string>>();
      expectTypeOf(ctx.state).toExtend<Visit & TokenState>();
      expectTypeOf(ctx.database.find).returns.toBeNumber();
      // @ts-expect-error not widened
      expect(ctx.state.vistor).toBeUndefined();
    });
  });

  it("give scope functions and onError the context", () => {
    const scopeOf: ProtectOptions["scope"] = (ctx) => {
      expectTypeOf(ctx).toEqualTypeOf<Context>();
      return "read:/";
    };
    const options: ProtectOptions = {
      ...trust,
      scope: scopeOf,
      onError: (refusal, ctx) => void (ctx.body = refusal.code),
    };
    expect(protect(options)).toBeTypeOf("function");
    const auth = scitokens<{ email: string }>(trust);
    expectTypeOf<ReturnType<typeof auth.token>["claims"]["email"]>().toEqualTypeOf<string>();
    expectTypeOf(auth.token).toBeCallableWith({} as ParameterizedContext<Visit>);
  });

  it("refuse wrong options", () => {
    // @ts-expect-error misspelt
    expect(() => protect({ ...trust, audiance: "x" })).toThrow(TypeError);
    // @ts-expect-error no audience
    expect(() => protect({ issuer: "https://issuer.example.org" })).toThrow(TypeError);
    // @ts-expect-error no scope
    expect(() => protect({ ...trust, scope: 5 })).toThrow(TypeError);
  });

  it("hold with the types of Koa 2", () => {
    const tsc = `${root}node_modules/typescript/bin/tsc`;
    const check = (): unknown => execFileSync(process.execPath, [tsc, "-p", `${root}test/koa/koa-2-types.json`]);
    expect(check).not.toThrow();
  });
});
