// What of Nest differs between its majors, on each of them: here on 12, in the projects nest10 and nest11 on those. Rules H3, H5, H7.
import { Controller, Get, Injectable, Module, UseInterceptors } from "@nestjs/common";
import type { DynamicModule, ExecutionContext, INestApplication, NestInterceptor, Type } from "@nestjs/common";
import { NestFactory, REQUEST } from "@nestjs/core";
import { ClientProxyFactory, MessagePattern, Transport } from "@nestjs/microservices";
import type { MicroserviceOptions } from "@nestjs/microservices";
import { WsAdapter } from "@nestjs/platform-ws";
import { Test } from "@nestjs/testing";
import { MessageBody, SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import { firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, Protect, Public, SciTokensModule, Token } from "@scitokens/nest";
import type { SciToken } from "@scitokens/nest";
import { withToken } from "@scitokens/nest/testing";
import { freePort } from "../support/free-port.js";
import { AUDIENCE, closeAll, failureOf, platforms, start, T, token, trust } from "./fixture.js";
import { converse } from "./websocket.js";

afterEach(closeAll);

const credentials = (context: ExecutionContext): string | undefined =>
  context.getArgs<{ readonly authorization?: string }[]>().find((arg) => typeof arg?.authorization === "string")
    ?.authorization;

@Controller()
class Frames {
  @Get("plain") plain(@Token() { subject }: SciToken): object {
    return { subject };
  }
  @Public() @Get("open") open(@Token("sub") sub?: string): object {
    return { sub: sub ?? null };
  }
  @Protect("admin") @Get("admin") admin(): string {
    return "admin";
  }
  @Protect("read:/data") @MessagePattern("data") data(@Token("sub") sub: string): string {
    return sub;
  }
}

const reached: string[] = [];

@WebSocketGateway()
class Gateway {
  @Protect("read:/data") @SubscribeMessage("data") data(@Token("sub") sub: string): object {
    reached.push(sub);
    return { event: "data", data: sub };
  }
}

@Module({
  imports: [SciTokensModule.forRoot({ ...trust, credentials, resourceMetadata: { resource: AUDIENCE } })],
  controllers: [Frames],
})
class App {}

@Module({ imports: [App], providers: [Gateway] })
class WithGateway {}

it("runs on the major that its project names", async ({ task }) => {
  const major = { nest10: "10", nest11: "11" }[task.file.projectName ?? ""] ?? "12";
  const { default: json } = (await import("@nestjs/core/package.json", { with: { type: "json" } })) as {
    readonly default: { readonly version: string };
  };
  expect(json.version.split(".")[0]).toBe(major);
});

it.each(platforms)("guards handlers on %s (H3, H5, H7)", async (platform) => {
  const { get } = await start(App, (app) => app.useGlobalFilters(problemDetails()), platform);
  const refused = await get("/plain");
  expect([refused.status, refused.headers["content-type"]]).toEqual([401, "application/problem+json"]);
  expect(await get("/plain", T)).toMatchObject({ status: 200, body: '{"subject":"alice"}' });
  expect((await get("/open")).body).toBe('{"sub":null}');
  expect((await get("/admin", T)).headers["www-authenticate"]).toContain('error="insufficient_scope", scope="admin"');
  expect((await get("/.well-known/oauth-protected-resource")).status).toBe(200);
});

it("guards a hybrid application's microservice (H3)", async () => {
  const port = await freePort(); // Nest 10 takes 0 for its own default, which others may have
  await start(App, async (app) => {
    app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options: { host: "127.0.0.1", port } });
    await app.startAllMicroservices();
  });
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: "127.0.0.1", port } });
  const send = (authorization?: string): Promise<unknown> =>
    firstValueFrom(client.send<unknown>("data", { authorization })).catch((error: unknown) => error);
  expect(await send()).toMatchObject({ code: "missing_token" });
  expect(await send(`Bearer ${token("x")}`)).toMatchObject({ code: "insufficient_scope" });
  expect(await send(`Bearer ${T}`)).toBe("alice");
  client.close();
});

it("guards a gateway (H3)", async () => {
  const { port } = await start(WithGateway, onWs);
  const data = { authorization: `Bearer ${T}` };
  // Nest 10 and 11 refuse too, and say so to clients of socket.io alone.
  expect(
    await converse(
      port,
      [
        { event: "data", data: {} },
        { event: "data", data },
      ],
      { until: "data" },
    ),
  ).toContainEqual({
    event: "data",
    data: "alice",
  });
  expect(reached).toEqual(["alice"]);
});

it("gives callers a token in tests", async () => {
  const builder = withToken(Test.createTestingModule({ imports: [App] }), { sub: "bob", scope: "admin" });
  const app = (await builder.compile()).createNestApplication({ logger: false });
  await app.listen(0, "127.0.0.1");
  const url = await app.getUrl();
  expect(await (await fetch(`${url}/plain`)).json()).toEqual({ subject: "bob" });
  expect(await (await fetch(`${url}/admin`)).text()).toBe("admin");
  await app.close();
});

const onWs = (app: INestApplication): unknown => app.useWebSocketAdapter(new WsAdapter(app));

describe("what Nest would leave open ends the start", () => {
  const rooted = (providers: readonly Type[], ...imports: readonly (DynamicModule | Type)[]): Type => {
    @Module({ imports: [...imports], providers: [...providers] })
    class Root {}
    return Root;
  };
  const failure = (...root: Parameters<typeof rooted>): Promise<unknown> => failureOf(start(rooted(...root), onWs));

  it("a gateway's handler without a mark: not every major asks global guards for gateways (H3)", async () => {
    @WebSocketGateway()
    class Unmarked {
      @SubscribeMessage("plain") plain(): void {}
    }
    @Protect("read:/data")
    @WebSocketGateway()
    class Marked extends Unmarked {}
    const error = await failure([Unmarked], SciTokensModule.forRoot(trust));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(
      /Unmarked.plain: Nest before 12 asks no global guard .* put @Protect\(\) or @Public\(\)/,
    );
    const made = { provide: "gateway", useFactory: () => new Unmarked() } as unknown as Type;
    expect(String(await failure([made], SciTokensModule.forRoot(trust)))).toContain("Unmarked.plain");
    await start(rooted([Marked], SciTokensModule.forRoot(trust)), onWs);
  });

  it("a decorator that put another function in the place of the one with @Protect (H3)", async () => {
    const replace =
      (copies: boolean): MethodDecorator =>
      (_target, _name, descriptor: PropertyDescriptor) => {
        const method = descriptor.value as () => unknown;
        const instead = (): unknown => method();
        for (const key of copies ? Reflect.getMetadataKeys(method) : []) {
          Reflect.defineMetadata(key, Reflect.getMetadata(key, method), instead);
        }
        descriptor.value = instead;
      };
    @Controller()
    class Lost {
      @Get("a") @replace(false) @Protect("admin") a(): void {}
    }
    @Controller()
    class Inherits extends Lost {}
    @Controller()
    class Kept {
      @Get("a") @replace(true) @Protect("admin") a(): void {}
      @Protect("admin") @Get("b") @replace(false) b(): void {}
    }
    const app = (controller: Type): Type => {
      @Module({ imports: [SciTokensModule.forRoot(trust)], controllers: [controller] })
      class Root {}
      return Root;
    };
    for (const controller of [Lost, Inherits]) {
      const error = await failureOf(start(app(controller)));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(
        `${controller.name}.a: a decorator above @Protect put another function in its place`,
      );
    }
    const { get } = await start(app(Kept));
    expect([(await get("/a", T)).status, (await get("/b", T)).status]).toEqual([403, 403]);
  });

  it("@Protect at a method that is no handler (H3)", async () => {
    @Injectable()
    class Service {
      @Protect("admin") secret(): void {}
    }
    @Injectable()
    class Quiet {
      @Public() open(): void {}
    }
    const error = await failure([Service], SciTokensModule.forRoot(trust));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain("@Protect for Service.secret: it is no handler");
    await start(rooted([Quiet], SciTokensModule.forRoot(trust)));
  });

  it("options made for each request, in HTTP and in a microservice, where the guard would be off (H3)", async () => {
    const module = SciTokensModule.forRootAsync({ inject: [REQUEST], useFactory: () => trust });
    const listen = async (): Promise<void> => {
      const options = { transport: Transport.TCP, options: { host: "127.0.0.1", port: 0 } } as const;
      const quiet = { logger: false, abortOnError: false } as const;
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(rooted([], module), {
        ...options,
        ...quiet,
      });
      await app.listen();
      await app.close();
    };
    for (const error of [await failure([], module), await failureOf(listen())]) {
      // Nest 11 and 12 have words of their own for it.
      expect(String(error)).toMatch(/forRootAsync: expected options that are the same for every request|APP_GUARD/);
    }
  });

  it("SciTokensModule with two sets of options, of which one would be dropped; one in two places starts", async () => {
    const one = SciTokensModule.forRoot(trust);
    const other = SciTokensModule.forRoot({ ...trust, scope: "admin" });
    const error = await failure([], one, rooted([], other));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/SciTokensModule: imported twice with different options/);
    await start(rooted([], one, rooted([], one)));
  });
});

describe("messages that are bare values", () => {
  let judged = 0;
  let release = (): void => undefined;
  let both = Promise.resolve();
  const patterns: string[] = [];

  /** Nothing goes on before both messages were judged. */
  class Together implements NestInterceptor {
    async intercept(context: ExecutionContext, next: { handle(): unknown }): Promise<never> {
      patterns.push(context.switchToWs().getPattern());
      if (judged++ % 2 === 0) both = new Promise<void>((resolve) => (release = resolve));
      else release();
      await both;
      return next.handle() as never;
    }
  }

  @UseInterceptors(Together)
  @WebSocketGateway()
  class Bare {
    @Protect("read:/data") @SubscribeMessage("mine") mine(
      @MessageBody() text: string,
      @Token("sub") sub?: string,
    ): object {
      return { event: "mine", data: [text, sub ?? null] };
    }
    @Public() @SubscribeMessage("open") open(@MessageBody() text: string, @Token("sub") sub?: string): object {
      return { event: "open", data: [text, sub ?? null] };
    }
  }

  const said = (context: ExecutionContext): string =>
    `Bearer ${token("read:/data", { sub: context.switchToWs().getData() })}`;
  @Module({ imports: [SciTokensModule.forRoot({ ...trust, credentials: said })], providers: [Bare] })
  class Root {}

  it.each([
    ["mine", "mine", "alice", "bob"],
    ["mine", "open", "alice", null],
    ["open", "mine", null, "bob"],
  ])("have each their own token: %s and %s at once (H3)", async (first, second, ofAlice, ofBob) => {
    const { port } = await start(Root, onWs);
    const replies = await converse(port, [
      { event: first, data: "alice" },
      { event: second, data: "bob" },
    ]);
    expect(replies).toContainEqual({ event: first, data: ["alice", ofAlice] });
    expect(replies).toContainEqual({ event: second, data: ["bob", ofBob] });
    expect(patterns.splice(0).toSorted()).toEqual([first, second].toSorted());
  });
});
