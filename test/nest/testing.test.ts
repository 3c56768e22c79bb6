// @scitokens/nest/testing: a given token, and the application's own rules. Rules H3, H8.
import { Controller, Get, Module } from "@nestjs/common";
import type { DynamicModule, ExecutionContext, INestApplication, Type } from "@nestjs/common";
import { ExecutionContextHost } from "@nestjs/core/helpers/execution-context-host.js";
import { Test } from "@nestjs/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createEnforcer } from "@scitokens/core";
import { fromRequest, getToken, Protect, Public, SciTokensGuard, SciTokensModule, Token } from "@scitokens/nest";
import type { ProtectOptions, SciToken } from "@scitokens/nest";
import { withToken } from "@scitokens/nest/testing";
import type { GivenToken } from "@scitokens/nest/testing";
import { T, trust } from "./fixture.js";

const apps: INestApplication[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const app of apps.splice(0)) await app.close();
});

/** Its keys cannot be had: a test that asks for them fails. */
const production: ProtectOptions = {
  issuer: { issuer: "https://issuer.example.org", basePath: "/area" },
  audience: ["https://data.example.org", "https://other.example.org"],
  keys: { fetch: () => Promise.reject(new TypeError("no network in tests")) },
};

@Controller()
class Frames {
  @Get("who") who(@Token() { subject, issuer, audience }: SciToken): object {
    return { subject, issuer, audience };
  }
  @Public() @Get("open") open(@Token() given?: SciToken): object {
    return { given: given === undefined };
  }
  @Protect("admin") @Get("admin") admin(): object {
    return {};
  }
  @Protect(fromRequest()) @Get("area/x") area(): object {
    return {};
  }
  @Protect({ ...production, groups: ["/cms"] }) @Get("own") own(): object {
    return {};
  }
  @Protect({ optional: true }) @Get("optional") optional(@Token("sub") sub?: string): object {
    return { sub: sub ?? null };
  }
}

const appOf = (...imports: readonly DynamicModule[]): Type => {
  @Module({ imports: [...imports], controllers: [Frames] })
  class App {}
  return App;
};

async function run(given: GivenToken, module: Type = appOf(SciTokensModule.forRoot(production))) {
  const compiled = await withToken(Test.createTestingModule({ imports: [module] }), given).compile();
  const app = compiled.createNestApplication({ logger: false });
  apps.push(app);
  await app.listen(0, "127.0.0.1");
  const url = await app.getUrl();
  return async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> => {
    const response = await fetch(`${url}/${path}`, { headers });
    return [response.status, await response.json()];
  };
}

describe("withToken", () => {
  it("gives every call the token, whatever its request carries", async () => {
    const get = await run({ sub: "alice" });
    const [status, who] = await get("who", { authorization: `Bearer ${T}` });
    const audience = ["https://data.example.org"];
    expect([status, who]).toEqual([200, { subject: "alice", issuer: "https://issuer.example.org", audience }]);
    expect(await get("open")).toEqual([200, { given: true }]);
  });

  it("leaves the rules as they are: scopes, groups, base path, and options at @Protect (H3)", async () => {
    const poor = await run({ scope: "read:/x" });
    expect(await poor("admin")).toMatchObject([403, { code: "insufficient_scope" }]);
    expect((await poor("area/x"))[0]).toBe(200);
    expect(await poor("own")).toMatchObject([403, { code: "insufficient_scope" }]);
    const member = await run({ "wlcg.ver": "1.0", "wlcg.groups": ["/cms"], scope: "openid" });
    expect((await member("own"))[0]).toBe(200);
    expect((await (await run({ scope: "admin" }))("admin"))[0]).toBe(200);
    expect(await (await run({ exp: 1 }))("who")).toMatchObject([401, { code: "invalid_token" }]);
    expect(await (await run({ aud: "https://x.example" }))("who")).toMatchObject([401, { code: "invalid_token" }]);
  });

  it("gives no token where there is none to be, and another for each call (H8)", async () => {
    const none = await run(undefined);
    expect(await none("who")).toMatchObject([401, { code: "missing_token" }]);
    expect(await none("optional")).toEqual([200, { sub: null }]);
    const given = (context: ExecutionContext): { readonly sub: string } | undefined => {
      const name = context.switchToHttp().getRequest<{ headers: Readonly<Record<string, string>> }>().headers["x-user"];
      return name === undefined ? undefined : { sub: name };
    };
    const each = await run(given);
    expect(await each("optional", { "x-user": "bob" })).toEqual([200, { sub: "bob" }]);
    expect((await each("who"))[0]).toBe(401);
  });

  it.each([
    ["SciTokens 1.0", { profiles: ["scitokens-1"] }],
    ["WLCG", { profiles: ["wlcg"] }],
    ["RFC 9068", { profiles: ["at-jwt"] }],
    ["a plain token", { profiles: ["oauth"] }],
    ["a server without a name", { audience: null }],
    ["a clock of its own", { clock: () => 1_790_000_000 }],
    ["keys of another kind", { issuer: { issuer: "https://issuer.example.org", algorithms: ["RS256"] } }],
  ])("fills in what makes the token good: %s", async (_, more) => {
    const module = appOf(SciTokensModule.forRoot({ ...production, ...more } as ProtectOptions));
    expect((await (await run({ sub: "alice" }, module))("who"))[0]).toBe(200);
  });

  it("signs as the issuer that the claims name, for the audience that this one has", async () => {
    const first = { issuer: "https://issuer.example.org" };
    const second = { issuer: "https://second.example.org", audience: "https://own.example.org" };
    const module = appOf(SciTokensModule.forRoot({ ...production, issuer: [first, second] }));
    const [status, who] = await (await run({ iss: second.issuer }, module))("who");
    expect([status, who]).toMatchObject([200, { issuer: second.issuer, audience: [second.audience] }]);
    expect(await (await run({ sub: "x" }, module))("who")).toMatchObject([200, { issuer: first.issuer }]);
  });

  it("gives the token in kinds of contexts that the guard does not know", async () => {
    const builder = Test.createTestingModule({ imports: [appOf(SciTokensModule.forRoot(production))] });
    const module = await withToken(builder, { sub: "alice" }).compile();
    const context = new ExecutionContextHost([{}], Frames, Frames.prototype.who);
    context.setType("telegram");
    expect(await module.get(SciTokensGuard, { strict: false }).canActivate(context)).toBe(true);
    expect(getToken(context).subject).toBe("alice");
  });

  it("holds without SciTokensModule too", async () => {
    const get = await run({ "wlcg.ver": "1.0", "wlcg.groups": ["/cms"] }, appOf());
    expect((await get("own"))[0]).toBe(200);
    expect((await get("admin"))[0]).toBe(500);
  });

  it("is refused in production, and with an enforcer whose keys it cannot replace", async () => {
    const module = appOf(SciTokensModule.forRoot({ enforcer: createEnforcer(trust) }));
    await expect(run({}, module)).rejects.toThrow(/an enforcer's own keys cannot be replaced/);
    vi.stubEnv("NODE_ENV", "production");
    await expect(run({})).rejects.toThrow(/refused in production/);
  });
});
