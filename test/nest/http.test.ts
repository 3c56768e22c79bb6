// The guard in HTTP beyond the contract: Nest's own filters, prefixes, versions and hooks. Rules H3 to H7, R2.
import { request as httpRequest } from "node:http";
import type { RequestListener } from "node:http";
import { Catch, Controller, Get, HttpException, Inject, Module, Version, VersioningType } from "@nestjs/common";
import type {
  ArgumentsHost,
  CanActivate,
  ExceptionFilter,
  ExecutionContext,
  INestApplication,
  Type,
} from "@nestjs/common";
import { APP_FILTER, APP_GUARD, NestFactory } from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import express from "express";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  fromRequest,
  getToken,
  problemDetails,
  ProblemDetailsFilter,
  Protect,
  Public,
  RefusedException,
  Refusal,
  SciTokensGuard,
  SciTokensModule,
} from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { listen } from "../contract/listen.js";
import { AUDIENCE, closeAll, ISSUER, platforms, start, T, token, trust } from "./fixture.js";

afterEach(closeAll);

@Controller("data")
class Data {
  @Protect("read:/data") @Get() read(): string {
    return "read";
  }
  @Protect(fromRequest()) @Get("x") path(): string {
    return "path";
  }
}

@Controller("data")
class Second {
  @Version("2") @Protect("admin") @Get() second(): string {
    return "second";
  }
}

const metadata = { ...trust, resourceMetadata: { resource: `${AUDIENCE}/v1` } };
const WELL_KNOWN = "/.well-known/oauth-protected-resource/v1";

function appOf(options: SciTokensOptions, more: Parameters<typeof Module>[0] = {}): Type {
  @Module({ controllers: [Data], ...more, imports: [SciTokensModule.forRoot(options)] })
  class App {}
  return App;
}

describe.each(platforms)("on %s", (platform) => {
  const run = (module: Type, prepare?: (app: INestApplication) => unknown): ReturnType<typeof start> =>
    start(module, prepare, platform);

  it("is answered by Nest's own filter with the document as plain JSON (H5)", async () => {
    const { get } = await run(appOf(trust));
    const { status, headers, body } = await get("/data");
    expect(status).toBe(401);
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(headers["www-authenticate"]).toBe('Bearer realm="scitokens", scope="read:/data"');
    expect(JSON.parse(body)).toEqual({
      type: "about:blank",
      title: "Unauthorized",
      status: 401,
      detail: expect.stringContaining("an access token is needed"),
      code: "missing_token",
      requestId: expect.any(String),
    });
  });

  it("is answered by ProblemDetailsFilter as problem+json, provided or used (H5)", async () => {
    const provided = appOf(trust, { providers: [{ provide: APP_FILTER, useClass: ProblemDetailsFilter }] });
    const used = (app: INestApplication): unknown => app.useGlobalFilters(problemDetails());
    for (const { get } of [await run(provided), await run(appOf(trust), used)]) {
      const { status, headers } = await get("/data");
      expect([status, headers["content-type"]]).toEqual([401, "application/problem+json"]);
    }
  });

  it("is seen by the application's filters for HttpException, the challenge set before (H5)", async () => {
    const seen: unknown[] = [];
    @Catch(HttpException)
    class Own implements ExceptionFilter<HttpException> {
      catch(exception: HttpException, host: ArgumentsHost): void {
        seen.push(exception);
        host.switchToHttp().getResponse<{ send(body: string): void }>().send("my own page");
      }
    }
    const { get } = await run(appOf(trust), (app) => app.useGlobalFilters(new Own()));
    const { status, headers, body } = await get("/data", token("read:/other"));
    expect([status, body]).toEqual([403, "my own page"]);
    expect(headers["www-authenticate"]).toContain('error="insufficient_scope"');
    const [exception] = seen as [RefusedException];
    expect(exception).toBeInstanceOf(RefusedException);
    expect(exception.getStatus()).toBe(403);
    expect(exception.cause).toBeInstanceOf(Refusal);
    expect(exception.refusal.cause).toMatchObject({ name: "InsufficientScopeError" });
    expect(`${exception.message}${exception.stack}`).not.toMatch(/\.[jt]s\b/);
  });

  it("serves the metadata document beside guard, prefix and versions (H7)", async () => {
    const { get } = await run(appOf(metadata, { controllers: [Data, Second] }), (app) => {
      app.setGlobalPrefix("api");
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: "1" });
    });
    const { status, headers, body } = await get(WELL_KNOWN);
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(body)).toMatchObject({ resource: `${AUDIENCE}/v1`, authorization_servers: [ISSUER] });
    expect((await get(`${WELL_KNOWN}/`)).status).toBe(404);
    expect((await get(WELL_KNOWN.toUpperCase())).status).toBe(404);
    expect((await get("/api/v1/data")).headers["www-authenticate"]).toContain(`resource_metadata="${AUDIENCE}`);
    expect((await get("/api/v1/data", T)).status).toBe(200);
    expect((await get("/api/v2/data", T)).status).toBe(403);
  });

  it("serves the metadata document before the handlers, and none where none was asked for (H7)", async () => {
    @Controller()
    class Shadow {
      @Get(".well-known/oauth-protected-resource/v1") shadow(): string {
        return "shadow";
      }
    }
    const more = { controllers: [Shadow] };
    if (platform === "express") {
      const { get } = await run(appOf(metadata, more));
      expect((await get(WELL_KNOWN)).body).toContain("authorization_servers");
    }
    const elsewhere = { ...trust, resourceMetadata: `${AUDIENCE}${WELL_KNOWN}` };
    for (const options of [trust, elsewhere]) {
      expect((await (await run(appOf(options, { controllers: [] }))).get(WELL_KNOWN)).status).toBe(404);
    }
    const { get } = await run(appOf(elsewhere));
    expect((await get("/data")).headers["www-authenticate"]).toContain(`resource_metadata="${AUDIENCE}${WELL_KNOWN}"`);
  });

  it("judges the target that came in, prefix and all (R2)", async () => {
    const { get } = await run(appOf(trust), (app) => app.setGlobalPrefix("api"));
    expect((await get("/api/data/x", token("read:/api/data")))?.status).toBe(200);
    expect((await get("/api/data/x", token("read:/data")))?.status).toBe(403);
  });

  it("decides once, though the global guard and the handler's own both stand there", async () => {
    const onEvent = vi.fn();
    const { get } = await run(appOf({ ...trust, onEvent }));
    expect((await get("/data", T)).status).toBe(200);
    expect(onEvent.mock.calls.filter(([{ type }]) => type === "allowed")).toHaveLength(1);
  });

  it("leaves to Nest what the options' functions throw, whatever it is (H3)", async () => {
    for (const thrown of [new Error("down"), undefined, null, "route", 0]) {
      const isRevoked = (): never => {
        throw thrown;
      };
      const { get } = await run(appOf({ ...trust, isRevoked, tokenCache: false }));
      const { status, headers, body } = await get("/data", T);
      expect([thrown, status, headers["www-authenticate"]]).toEqual([thrown, 500, undefined]);
      expect(body).not.toContain("down");
    }
  });
});

describe("the target that came in, not what is left of it (R2)", () => {
  const statuses = async (port: number): Promise<readonly number[]> => {
    const ask = async (raw: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/outer/data/x`, { headers: { authorization: `Bearer ${raw}` } })).status;
    return [await ask(token("read:/outer/data")), await ask(token("read:/data"))];
  };

  it("is judged where another Express application mounts this one", async () => {
    const { app } = await start(appOf(trust));
    const served = await listen(express().use("/outer", app.getHttpAdapter().getInstance() as RequestListener));
    expect(await statuses(served.port)).toEqual([200, 403]);
    await served.close();
  });

  it("is judged where Fastify rewrites it", async () => {
    const adapter = new FastifyAdapter({ rewriteUrl: ({ url = "" }) => url.replace("/outer", "") });
    const app = await NestFactory.create(appOf(trust), adapter, { logger: false });
    await app.listen(0, "127.0.0.1");
    expect(await statuses(Number(new URL(await app.getUrl()).port))).toEqual([200, 403]);
    await app.close();
  });
});

it("runs beside other global guards, which can ask for the token", async () => {
  const subjects: unknown[] = [];
  class After implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      subjects.push(context.switchToHttp().getRequest<{ scitoken?: { subject?: string } }>().scitoken?.subject);
      return true;
    }
  }
  @Module({ providers: [{ provide: APP_GUARD, useClass: After }] })
  class AfterModule {}
  @Controller()
  class Open {
    @Public() @Get("open") open(): string {
      return "open";
    }
  }
  @Module({ imports: [SciTokensModule.forRoot(trust), AfterModule], controllers: [Data, Open] })
  class App {}
  const { get } = await start(App);
  await get("/data", T);
  await get("/open", T);
  expect(subjects).toEqual(["alice", undefined]);
});

describe("a global guard of the root module, which Nest asks before those of imported modules", () => {
  const runWith = async (guard: Type<CanActivate>): Promise<Awaited<ReturnType<typeof start>>> => {
    @Module({
      imports: [SciTokensModule.forRoot(trust)],
      controllers: [Data],
      providers: [{ provide: APP_GUARD, useClass: guard }],
    })
    class App {}
    return start(App);
  };

  it("finds no token, and is told why", async () => {
    const found: string[] = [];
    class Before implements CanActivate {
      canActivate(context: ExecutionContext): boolean {
        try {
          getToken(context);
        } catch (error) {
          found.push(String(error));
        }
        return true;
      }
    }
    const { get } = await runWith(Before);
    expect((await get("/data", T)).status).toBe(200);
    expect(found).toEqual([expect.stringMatching(/asked before .*: await canActivate\(\) of SciTokensGuard/)]);
  });

  it("finds it once it has awaited SciTokensGuard, which decides once all the same (H3)", async () => {
    const found: unknown[] = [];
    class Roles implements CanActivate {
      readonly #guard: SciTokensGuard;
      constructor(@Inject(SciTokensGuard) guard: SciTokensGuard) {
        this.#guard = guard;
      }
      async canActivate(context: ExecutionContext): Promise<boolean> {
        await this.#guard.canActivate(context);
        found.push(getToken(context).subject);
        return true;
      }
    }
    const { get } = await runWith(Roles);
    expect([(await get("/data", T)).status, (await get("/data")).status]).toEqual([200, 401]);
    expect(found).toEqual(["alice"]);
  });
});

it("keeps Fastify's own hooks in the answer", async () => {
  const { port } = await start(
    appOf(trust),
    (app) => {
      app.useGlobalFilters(problemDetails());
      app.enableCors({ origin: "https://page.example.org" });
    },
    "fastify",
  );
  const { headers } = await fetch(`http://127.0.0.1:${port}/data`);
  expect(headers.get("access-control-allow-origin")).toBe("https://page.example.org");
  expect(headers.get("content-type")).toBe("application/problem+json");
});

it("asks for nothing but the header in HTTP, whatever the option 'credentials' says (H1)", async () => {
  const { port } = await start(appOf({ ...trust, credentials: () => `Bearer ${T}` }));
  const status = await new Promise((resolve) => {
    httpRequest({ port, path: "/data" }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(401);
});
