// What of Nest differs between its majors, on each of them: here on 12, in the projects nest10 and nest11 on those. Rules H3, H5, H7.
import { Controller, Get, Module } from "@nestjs/common";
import type { ExecutionContext } from "@nestjs/common";
import { ClientProxyFactory, MessagePattern, Transport } from "@nestjs/microservices";
import type { MicroserviceOptions } from "@nestjs/microservices";
import { WsAdapter } from "@nestjs/platform-ws";
import { Test } from "@nestjs/testing";
import { SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import { firstValueFrom } from "rxjs";
import { afterEach, expect, it } from "vitest";
import { problemDetails, Protect, Public, SciTokensModule, Token } from "@scitokens/nest";
import type { SciToken } from "@scitokens/nest";
import { withToken } from "@scitokens/nest/testing";
import { AUDIENCE, closeAll, platforms, start, T, token, trust } from "./fixture.js";
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

/** Nest 10 has no unwrap(). */
function portOf(microservice: object): number {
  type Server = { address(): { readonly port: number } };
  const { unwrap, server } = microservice as { unwrap?(): Server; readonly server?: { readonly server: Server } };
  return (unwrap?.call(microservice) ?? server?.server)?.address().port ?? 0;
}

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
  let port = 0;
  await start(App, async (app) => {
    const options: MicroserviceOptions = { transport: Transport.TCP, options: { host: "127.0.0.1", port: 0 } };
    const microservice = app.connectMicroservice<MicroserviceOptions>(options);
    await app.startAllMicroservices();
    port = portOf(microservice);
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
  const { port } = await start(WithGateway, (app) => app.useWebSocketAdapter(new WsAdapter(app)));
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
