// @Protect, @Public and @Token: the nearest counts, and what cannot hold is refused where it is written. Rules H3, R4, H8.
import { Controller, Get, Module } from "@nestjs/common";
import type { DynamicModule, Type } from "@nestjs/common";
import { afterEach, describe, expect, it } from "vitest";
import { createEnforcer } from "@scitokens/core";
import { anyOf, getToken, Protect, Public, scope, SciTokensModule, Token } from "@scitokens/nest";
import type { PlatformRequest, SciToken, TokenCarrier } from "@scitokens/nest";
import { closeAll, platforms, start, T, token, trust } from "./fixture.js";

afterEach(closeAll);

function appOf(controllers: readonly Type[], ...imports: readonly DynamicModule[]): Type {
  @Module({ imports: [...imports], controllers: [...controllers] })
  class App {}
  return App;
}

const secured = (...controllers: readonly Type[]): Type => appOf(controllers, SciTokensModule.forRoot(trust));

describe("the nearest mark counts", () => {
  @Public()
  @Controller("open")
  class Open {
    @Get("a") a(): string {
      return "a";
    }
    @Protect("admin") @Get("b") b(): string {
      return "b";
    }
  }

  @Protect("admin")
  @Controller("admin")
  class Admin {
    @Get("a") a(): string {
      return "a";
    }
    @Public() @Get("b") b(): string {
      return "b";
    }
    @Protect("read:/data") @Get("c") c(): string {
      return "c";
    }
  }

  @Controller("inherited")
  class Inherited extends Admin {}

  it("at a method, then at its class, then at the class above (H3)", async () => {
    const { get } = await start(secured(Open, Admin, Inherited));
    expect((await get("/open/a")).status).toBe(200);
    expect((await get("/open/b")).status).toBe(401);
    expect((await get("/open/b", T)).status).toBe(403);
    for (const prefix of ["/admin", "/inherited"]) {
      expect((await get(`${prefix}/a`)).status).toBe(401);
      expect((await get(`${prefix}/a`, T)).status).toBe(403);
      expect((await get(`${prefix}/a`, token("admin"))).status).toBe(200);
      expect((await get(`${prefix}/b`)).status).toBe(200);
      expect((await get(`${prefix}/c`, token("admin"))).status).toBe(403);
      expect((await get(`${prefix}/c`, T)).status).toBe(200);
    }
  });

  it("two at one place are refused", () => {
    const both = (): unknown => {
      class Both {
        @Public() @Protect("admin") a(): void {}
      }
      return Both;
    };
    const twice = (): unknown => {
      @Protect("admin")
      @Protect("queue")
      class Twice {}
      return Twice;
    };
    expect(both).toThrow(/expected one @Protect or @Public here/);
    expect(twice).toThrow(TypeError);
  });
});

describe("where @Protect cannot stand", () => {
  const decorate = (decorator: Function, place: readonly unknown[]): unknown =>
    Reflect.apply(decorator, undefined, place);
  class Place {
    method(): void {}
    get accessor(): string {
      return "";
    }
  }
  const accessor = Object.getOwnPropertyDescriptor(Place.prototype, "accessor");
  const method = Object.getOwnPropertyDescriptor(Place.prototype, "method");
  it.each([
    ["a field", [Place.prototype, "field", undefined]],
    ["an accessor", [Place.prototype, "accessor", accessor]],
    ["a static method", [Place, "method", method]],
  ])("refuses %s", (_, place) => {
    expect(() => decorate(Protect("admin"), place)).toThrow(/a field, an accessor or a static method is no handler/);
    expect(() => decorate(Public(), place)).toThrow(TypeError);
  });

  it("says that Nest needs legacy decorators", () => {
    expect(() => decorate(Protect("admin"), [Place.prototype.method, { kind: "method", name: "method" }])).toThrow(
      /experimentalDecorators/,
    );
  });
});

describe("@Protect is checked where it is written (R4)", () => {
  it.each([
    ["a scope that came from nowhere", undefined, /scope: expected a value, not undefined/],
    ["an option's scope that did", { scope: undefined }, /scope: expected a value, not undefined/],
    ["an empty list", [], /scope: expected at least one scope/],
    ["dots", "read:/a/../b", /scope 'read:\/a\/\.\.\/b'/],
    ["two scopes in one string", "read:/a write:/b", /several are given as a list/],
    ["an unknown option", { scop: "read:/a" }, /unknown option 'scop'; did you mean 'scope'\?/],
    ["an issuer without audience", { issuer: "https://x.example" }, /audience: expected/],
    ["an audience without issuer", { audience: "https://x.example" }, /issuer: expected/],
    ["a bad rule with all options", { ...trust, scope: "read" }, /expected an absolute path/],
    ["a number", 7, /scope: expected a scope/],
    ["a bad realm", { realm: 'a"b' }, /realm: expected/],
  ])("%s", (_, what, message) => {
    expect(() => Protect(what as string)).toThrow(message);
    expect(() => Protect(what as string)).toThrow(TypeError);
  });
});

describe("what @Protect takes", () => {
  @Controller()
  class Rules {
    @Protect() @Get("any-token") anyToken(): string {
      return "";
    }
    @Protect(anyOf("admin", "read:/data")) @Get("any-of") anyOf(): string {
      return "";
    }
    @Protect(["read:/data", "write:/scratch"]) @Get("all") all(): string {
      return "";
    }
    @Protect((request) => scope`read:/runs/${request.params["run"]}`) @Get("runs/:run") run(): string {
      return "";
    }
    @Protect({ scope: "read:/data", realm: "frames", optional: true }) @Get("options") options(): string {
      return "";
    }
    @Protect({ ...trust, audience: "https://other.example.org" }) @Get("elsewhere") elsewhere(): string {
      return "";
    }
  }

  it.each(platforms)("rules, options, and all options, on %s (R4, R6, H8)", async (platform) => {
    const { get } = await start(secured(Rules), undefined, platform);
    const status = async (target: string, raw?: string): Promise<number> => (await get(target, raw)).status;
    expect(await status("/any-token", token("x"))).toBe(200);
    expect(await status("/any-token")).toBe(401);
    expect(await status("/any-of", T)).toBe(200);
    expect(await status("/any-of", token("x"))).toBe(403);
    expect(await status("/all", T)).toBe(200);
    expect(await status("/all", token("read:/data"))).toBe(403);
    expect(await status("/runs/H1", token("read:/runs/H1"))).toBe(200);
    expect(await status("/runs/L1", token("read:/runs/H1"))).toBe(403);
    expect(await status("/runs/..%2fL1", token("read:/runs/H1"))).toBe(400);
    expect(await status("/options")).toBe(200);
    expect((await get("/options", "bad")).headers["www-authenticate"]).toContain('realm="frames"');
    expect(await status("/elsewhere", T)).toBe(401);
    expect(await status("/elsewhere", token("x", { aud: "https://other.example.org" }))).toBe(200);
  });

  it("all options, where SciTokensModule is not imported; less ends as the framework's own 500 (H3)", async () => {
    @Controller()
    class Alone {
      @Protect({ ...trust, scope: "read:/data" }) @Get("full") full(@Token() { subject }: SciToken): string {
        return String(subject);
      }
      @Protect("read:/data") @Get("rule") rule(): string {
        return "reached";
      }
    }
    const { get } = await start(appOf([Alone]));
    expect((await get("/full")).status).toBe(401);
    expect((await get("/full", token("x"))).status).toBe(403);
    expect(await get("/full", T)).toMatchObject({ status: 200, body: "alice" });
    expect((await get("/rule", T)).status).toBe(500);
  });
});

describe("options at @Protect", () => {
  @Controller()
  class Own {
    @Protect({ enforcer: createEnforcer(trust), scope: "admin" }) @Get("enforcer") enforcer(): string {
      return "enforcer";
    }
  }
  @Controller()
  class Told {
    @Protect({ scope: "read:/data", resourceMetadata: {} }) @Get("told") told(): string {
      return "told";
    }
  }

  it("take an enforcer of the application, and no module then (H3)", async () => {
    const { get } = await start(appOf([Own]));
    expect((await get("/enforcer")).status).toBe(401);
    expect((await get("/enforcer", T)).status).toBe(403);
    expect((await get("/enforcer", token("admin"))).body).toBe("enforcer");
  });

  it("take the metadata of the module's audience (H7)", async () => {
    const { get } = await start(secured(Told));
    const { status, headers } = await get("/told");
    expect([status, headers["www-authenticate"]]).toEqual([401, expect.stringContaining("resource_metadata=")]);
  });
});

describe("@Token and getToken", () => {
  @Controller()
  class Tokens {
    @Get("token") token(@Token() given: SciToken): object {
      return { subject: given.subject };
    }
    @Get("claim") claim(@Token("team") team: unknown): object {
      return { team };
    }
    @Get("selected") selected(@Token((given) => given.scopes) scopes: readonly string[]): object {
      return { scopes };
    }
    @Protect({ optional: true }) @Get("optional") optional(@Token("sub") sub?: string): object {
      return { sub: sub ?? "nobody" };
    }
    @Public() @Get("public") public(@Token() given?: SciToken): object {
      return { given: given === undefined };
    }
  }

  it.each(platforms)("give the token, a claim, or what a function makes of it, on %s (H8)", async (platform) => {
    const { get } = await start(secured(Tokens), undefined, platform);
    const raw = token("read:/data", { team: "a" });
    const body = async (target: string, given?: string): Promise<unknown> =>
      JSON.parse((await get(target, given)).body);
    expect(await body("/token", raw)).toEqual({ subject: "alice" });
    expect(await body("/claim", raw)).toEqual({ team: "a" });
    expect(await body("/selected", raw)).toEqual({ scopes: ["read:/data"] });
    expect(await body("/optional", raw)).toEqual({ sub: "alice" });
    expect(await body("/optional")).toEqual({ sub: "nobody" });
    expect(await body("/public", raw)).toEqual({ given: true });
  });

  it("throw where no guard has judged the call: the framework's own 500 (H3)", async () => {
    const { get } = await start(appOf([Tokens]));
    expect((await get("/token", T)).status).toBe(500);
    expect((await get("/claim", T)).status).toBe(500);
    expect(() => getToken({})).toThrow(/there is no token: put @Protect\(\) at this handler/);
  });

  it("are found by guards and interceptors that come later", async () => {
    @Controller()
    class Later {
      @Get("later") later(@Token() given: SciToken): string {
        return String(given.subject);
      }
    }
    const seen: unknown[] = [];
    const { get } = await start(secured(Later), (app) =>
      app.useGlobalInterceptors({
        intercept(context, next) {
          seen.push(getToken(context).subject);
          seen.push(getToken(context.switchToHttp().getRequest<PlatformRequest & TokenCarrier>()).subject);
          return next.handle();
        },
      }),
    );
    await get("/later", T);
    expect(seen).toEqual(["alice", "alice"]);
  });
});
