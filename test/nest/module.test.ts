// SciTokensModule: nothing is open that nobody opened, and wrong options end the start. Rules H3, H5, R4.
import { Controller, Get, Inject, Injectable, Module } from "@nestjs/common";
import type { Type } from "@nestjs/common";
import { afterEach, describe, expect, it } from "vitest";
import { Protect, Public, SCITOKENS, SciTokensModule } from "@scitokens/nest";
import type { SciTokens, SciTokensOptions, SciTokensOptionsFactory } from "@scitokens/nest";
import { closeAll, failureOf, platforms, start, T, token, trust } from "./fixture.js";

afterEach(closeAll);

@Controller()
class Frames {
  @Get("plain") plain(): string {
    return "plain";
  }
  @Public() @Get("open") open(): string {
    return "open";
  }
  @Protect("read:/data") @Get("data") data(): string {
    return "data";
  }
}

const appWith = (...imports: NonNullable<Parameters<typeof Module>[0]["imports"]>): Type => {
  @Module({ imports, controllers: [Frames] })
  class App {}
  return App;
};

describe.each(platforms)("the guard of SciTokensModule on %s", (platform) => {
  it("refuses by default, and lets any good token through where nothing more is said (H3)", async () => {
    const { get } = await start(appWith(SciTokensModule.forRoot(trust)), undefined, platform);
    const refused = await get("/plain");
    expect([refused.status, refused.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="scitokens"']);
    expect((await get("/plain", T.slice(0, -4))).status).toBe(401);
    expect((await get("/plain", token("other"))).status).toBe(200);
    expect((await get("/open")).body).toBe("open");
    expect((await get("/data", token("other"))).status).toBe(403);
    expect((await get("/data", T)).status).toBe(200);
  });

  it("asks for the module's own scope where a handler says nothing (R4)", async () => {
    const { get } = await start(appWith(SciTokensModule.forRoot({ ...trust, scope: "admin" })), undefined, platform);
    expect((await get("/plain", T)).status).toBe(403);
    expect((await get("/plain", token("admin"))).status).toBe(200);
    expect((await get("/data", T)).status).toBe(200);
    expect((await get("/open")).status).toBe(200);
  });
});

describe("forRootAsync", () => {
  @Injectable()
  class Config implements SciTokensOptionsFactory {
    createSciTokensOptions(): SciTokensOptions {
      return trust;
    }
  }
  @Module({ providers: [Config], exports: [Config] })
  class ConfigModule {}

  it.each([
    [
      "useFactory",
      { imports: [ConfigModule], inject: [Config], useFactory: (c: Config) => c.createSciTokensOptions() },
    ],
    ["useFactory, later", { useFactory: () => Promise.resolve(trust) }],
    ["useClass", { useClass: Config }],
    ["useExisting", { imports: [ConfigModule], useExisting: Config }],
  ])("takes options by %s", async (_, options) => {
    const { get } = await start(appWith(SciTokensModule.forRootAsync(options)));
    expect((await get("/data")).status).toBe(401);
    expect((await get("/data", T)).status).toBe(200);
  });

  it("ends the start with a TypeError for a wrong option, which it names", async () => {
    const useFactory = (): SciTokensOptions => ({ ...trust, audiance: "x" }) as SciTokensOptions;
    const error = await failureOf(start(appWith(SciTokensModule.forRootAsync({ useFactory }))));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "protect: unknown option 'audiance'; did you mean 'audience'?" });
    const nothing = { useFactory: (): SciTokensOptions => undefined as unknown as SciTokensOptions };
    expect(await failureOf(start(appWith(SciTokensModule.forRootAsync(nothing))))).toBeInstanceOf(TypeError);
  });

  it("wants one way to come by its options", () => {
    expect(() => SciTokensModule.forRootAsync({})).toThrow(/expected one of useFactory, useClass and useExisting/);
    const two = { useFactory: () => trust, useClass: Config };
    expect(() => SciTokensModule.forRootAsync(two)).toThrow(TypeError);
  });
});

describe("forRoot", () => {
  it.each([
    ["no audience", { issuer: "https://issuer.example.org" }, /audience: expected/],
    ["an unknown option", { ...trust, scopes: "read:/" }, /unknown option 'scopes'; did you mean 'scope'\?/],
    ["a scope that came from nowhere", { ...trust, scope: undefined }, /scope: expected a value, not undefined/],
    ["credentials that are no function", { ...trust, credentials: "x" }, /credentials: expected a function/],
    ["nothing", undefined, /expected options/],
  ])("refuses %s at start (R4)", (_, options, message) => {
    expect(() => SciTokensModule.forRoot(options as SciTokensOptions)).toThrow(message);
    expect(() => SciTokensModule.forRoot(options as SciTokensOptions)).toThrow(TypeError);
  });

  it("ends the start for a rule that only the module's options show to be wrong (R4)", async () => {
    @Controller()
    class Bare {
      @Protect("read") @Get("bare") bare(): string {
        return "bare";
      }
    }
    @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [Bare] })
    class App {}
    const error = await failureOf(start(App));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/@Protect for Bare.bare: scope 'read': expected an absolute path/);
  });

  it("ends the start for such a rule at a class, or at a handler that a class inherits (R4)", async () => {
    class Base {
      @Get("x") x(): string {
        return "x";
      }
      @Protect("write") @Get("y") y(): string {
        return "y";
      }
    }
    @Controller("a")
    class Inherits extends Base {}
    @Protect("read")
    @Controller("b")
    class Marked extends Base {}
    for (const [controller, where] of [
      [Inherits, /Inherits.y: scope 'write'/],
      [Marked, /Marked.x: scope 'read'/],
    ] as const) {
      @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [controller] })
      class App {}
      expect(String(await failureOf(start(App)))).toMatch(where);
    }
  });

  it("asks nothing of a method that a class overrides (R4)", async () => {
    class Base {
      @Protect("write") @Get("y") y(): string {
        return "y";
      }
    }
    @Controller()
    class Overrides extends Base {
      @Protect("read:/data") @Get("y") override y(): string {
        return "mine";
      }
    }
    @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [Overrides] })
    class App {}
    const { get } = await start(App);
    expect((await get("/y", T)).body).toBe("mine");
  });

  it("gives its enforcer to whoever injects SCITOKENS", async () => {
    @Controller()
    class Status {
      readonly #auth: SciTokens;
      constructor(@Inject(SCITOKENS) auth: SciTokens) {
        this.#auth = auth;
      }
      @Public() @Get("status") status(): readonly object[] {
        return this.#auth.enforcer.status();
      }
    }
    @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [Status] })
    class App {}
    const { get } = await start(App);
    expect(JSON.parse((await get("/status")).body)).toHaveLength(1);
  });
});
