// The guard in front of microservice handlers, those of hybrid applications included, which have no global guards. Rule H3.
import { Controller, Get, Module } from "@nestjs/common";
import type { DynamicModule, ExecutionContext, INestApplication, Type } from "@nestjs/common";
import { ClientProxyFactory, MessagePattern, Payload, Transport } from "@nestjs/microservices";
import type { ClientProxy, MicroserviceOptions } from "@nestjs/microservices";
import { firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import { Protect, scope, SciTokensModule, Token } from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { closeAll, start, T, token, trust } from "./fixture.js";

const clients: ClientProxy[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await closeAll();
});

interface Message {
  readonly run?: string;
  readonly authorization?: string;
}

const said = (context: ExecutionContext): Message => context.switchToRpc().getData<Message>();
const credentials = (context: ExecutionContext): string | undefined => said(context).authorization;
const bearer = (raw: string): string => `Bearer ${raw}`;

@Controller()
class Frames {
  @Protect((context: ExecutionContext) => scope`read:/runs/${said(context).run}`)
  @MessagePattern("frame")
  frame(@Payload() { run }: Message, @Token("sub") sub: string): string {
    return `${run} for ${sub}`;
  }
  @Protect({ ...trust, scope: "admin" }) @MessagePattern("admin") admin(): string {
    return "admin";
  }
  @MessagePattern("plain") plain(): string {
    return "plain";
  }
  @Get("plain") overHttp(): string {
    return "plain";
  }
}

const appOf = (...imports: readonly DynamicModule[]): Type => {
  @Module({ controllers: [Frames] })
  class Feature {}
  @Module({ imports: [...imports, Feature] })
  class App {}
  return App;
};

const secured = (options: Partial<SciTokensOptions> = { credentials }): Type =>
  appOf(SciTokensModule.forRoot({ ...trust, ...options }));

/** Starts a hybrid application, and says what its microservice answers. */
async function startHybrid(
  module: Type,
  inheritAppConfig = false,
): Promise<(pattern: string, message: Message) => Promise<unknown>> {
  let microservice: ReturnType<INestApplication["connectMicroservice"]> | undefined;
  await start(module, async (app) => {
    const options: MicroserviceOptions = { transport: Transport.TCP, options: { host: "127.0.0.1", port: 0 } };
    microservice = app.connectMicroservice<MicroserviceOptions>(options, { inheritAppConfig });
    await app.startAllMicroservices();
  });
  const server = microservice?.unwrap<{ address(): { readonly port: number } }>();
  const port = server?.address().port ?? 0;
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: "127.0.0.1", port } });
  clients.push(client);
  return async (pattern, message) => {
    try {
      return await firstValueFrom(client.send<unknown, Message>(pattern, message));
    } catch (error) {
      return error;
    }
  };
}

describe("a hybrid application's microservice", () => {
  it("is protected by @Protect, though Nest asks no global guard there (H3)", async () => {
    const send = await startHybrid(secured());
    const raw = token("read:/runs/H1");
    expect(await send("frame", { run: "H1" })).toMatchObject({ status: 401, code: "missing_token" });
    expect(await send("frame", { run: "H1", authorization: bearer(raw) })).toBe("H1 for alice");
    expect(await send("frame", { run: "L1", authorization: bearer(raw) })).toMatchObject({
      code: "insufficient_scope",
    });
    expect(await send("frame", { run: "..", authorization: bearer(raw) })).toMatchObject({ code: "invalid_path" });
    expect(await send("admin", { authorization: bearer(T) })).toMatchObject({ code: "insufficient_scope" });
    expect(await send("plain", {})).toBe("plain"); // why the README says: inheritAppConfig
  });

  it("is protected as a whole where it inherits the application's configuration (H3)", async () => {
    const send = await startHybrid(secured(), true);
    expect(await send("plain", {})).toMatchObject({ code: "missing_token" });
    expect(await send("plain", { authorization: bearer(T) })).toBe("plain");
  });

  it("refuses where nobody says where credentials are (H3)", async () => {
    const send = await startHybrid(secured({}));
    expect(await send("frame", { run: "H1", authorization: bearer(T) })).toMatchObject({ code: "missing_token" });
  });

  it("refuses with all options at @Protect and without SciTokensModule (H3)", async () => {
    const send = await startHybrid(appOf());
    expect(await send("admin", { authorization: bearer(token("admin")) })).toMatchObject({ code: "missing_token" });
    expect(await send("frame", { run: "H1" })).toEqual({ status: "error", message: "Internal server error" });
  });

  it("says of credentials that are none only that there was an error (H3)", async () => {
    const wrong = { credentials: (() => 7) as unknown as NonNullable<SciTokensOptions["credentials"]> };
    const send = await startHybrid(secured(wrong));
    expect(await send("frame", { run: "H1" })).toEqual({ status: "error", message: "Internal server error" });
  });
});
