// The guard in front of gateways: each message is judged, by the handshake's header or by what the application says. Rules H1, H3.
import type { IncomingMessage } from "node:http";
import { Module } from "@nestjs/common";
import type { ExecutionContext, INestApplication, Type } from "@nestjs/common";
import { WsAdapter } from "@nestjs/platform-ws";
import { MessageBody, SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import type { OnGatewayConnection } from "@nestjs/websockets";
import { afterEach, expect, it } from "vitest";
import { Protect, Public, scope, SciTokensModule, Token } from "@scitokens/nest";
import type { SciToken, SciTokensOptions } from "@scitokens/nest";
import { closeAll, start, T, token, trust } from "./fixture.js";
import { converse } from "./websocket.js";
import type { Reply } from "./websocket.js";

afterEach(closeAll);

const said = (context: ExecutionContext): Readonly<Record<string, string>> =>
  context.switchToWs().getData<Readonly<Record<string, string>>>();

@WebSocketGateway()
class Frames implements OnGatewayConnection {
  handleConnection(client: object, request: IncomingMessage): void {
    Object.assign(client, { request });
  }
  @Protect() @SubscribeMessage("plain") plain(@Token() given: SciToken): object {
    return { event: "plain", data: given.subject };
  }
  @Public() @SubscribeMessage("open") open(@Token() given?: SciToken): object {
    return { event: "open", data: given === undefined };
  }
  @Protect((context: ExecutionContext) => scope`read:/runs/${said(context)["run"]}`)
  @SubscribeMessage("frame")
  frame(@MessageBody() { run }: { readonly run: string }, @Token("sub") sub: string): object {
    return { event: "frame", data: `${run} for ${sub}` };
  }
}

const appOf = (gateway: Type, options: SciTokensOptions = trust): Type => {
  @Module({ imports: [SciTokensModule.forRoot(options)], providers: [gateway] })
  class App {}
  return App;
};

const onWs = (app: INestApplication): unknown => app.useWebSocketAdapter(new WsAdapter(app));
const bearer = (raw: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${raw}` });

/** What was answered, in an order of its own: messages are judged at once. */
const summaryOf = (replies: readonly Reply[]): readonly string[] =>
  replies.map(({ data }) => (typeof data === "string" ? data : (data as { readonly code: string }).code)).toSorted();

it("refuses messages of a client without a token, and public ones it takes (H3)", async () => {
  const { port } = await start(appOf(Frames), onWs);
  const replies = await converse(port, [{ event: "plain" }, { event: "open" }, { event: "plain", data: { x: 1 } }]);
  const refused = { event: "exception", data: { status: 401, code: "missing_token" } };
  expect(replies).toHaveLength(3);
  expect(replies).toContainEqual({ event: "open", data: true });
  expect(replies.filter(({ event }) => event === "exception")).toMatchObject([refused, refused]);
  expect(JSON.stringify(replies)).not.toContain("cause");
});

it("judges by the header of the handshake, where the application keeps its request (H1)", async () => {
  const { port } = await start(appOf(Frames), onWs);
  expect(await converse(port, [{ event: "plain" }], { headers: bearer(T) })).toEqual([
    { event: "plain", data: "alice" },
  ]);
  const [forged] = await converse(port, [{ event: "plain" }], { headers: bearer(T.slice(0, -4)) });
  expect(forged).toMatchObject({ event: "exception", data: { code: "invalid_token" } });
});

it("says which scope it needs by the message (R6)", async () => {
  const { port } = await start(appOf(Frames), onWs);
  const messages = ["H1", "L1", "../H1"].map((run) => ({ event: "frame", data: { run } }));
  const replies = await converse(port, messages, { headers: bearer(token("read:/runs/H1")) });
  expect(summaryOf(replies)).toEqual(["H1 for alice", "insufficient_scope", "invalid_path"]);
});

it("judges each message by its own credentials, where the application says so", async () => {
  const credentials = (context: ExecutionContext): string | undefined => said(context)["authorization"];
  const { port } = await start(appOf(Frames, { ...trust, credentials }), onWs);
  const of = (sub: string): string => `Bearer ${token("read:/runs", { sub })}`;
  const messages = ["alice", "bob"].map((sub) => ({ event: "frame", data: { run: "H1", authorization: of(sub) } }));
  const replies = await converse(port, [...messages, { event: "frame", data: { run: "H1" } }]);
  expect(summaryOf(replies)).toEqual(["H1 for alice", "H1 for bob", "missing_token"]);
});

it("gives handlers that run at once their own messages' tokens", async () => {
  const waiting: (() => void)[] = [];
  @WebSocketGateway()
  class Slow {
    @Protect() @SubscribeMessage("who") who(
      @MessageBody() { sub }: { readonly sub: string },
      @Token("sub") given: string,
    ): object {
      return { event: "who", data: [sub, given] };
    }
  }
  // The first message's handler waits until the second was judged.
  const hold = {
    async intercept(context: ExecutionContext, next: { handle(): unknown }): Promise<never> {
      if (said(context)["sub"] === "alice") await new Promise<void>((resolve) => waiting.push(resolve));
      else waiting.shift()?.();
      return next.handle() as never;
    },
  };
  const credentials = (context: ExecutionContext): string => `Bearer ${token("x", { sub: said(context)["sub"] })}`;
  const { port } = await start(appOf(Slow, { ...trust, credentials }), (app) => {
    onWs(app);
    app.useGlobalInterceptors(hold);
  });
  const messages = ["alice", "bob"].map((sub) => ({ event: "who", data: { sub } }));
  const replies = (await converse(port, messages)).map(({ data }) => data);
  expect(replies).toContainEqual(["alice", "alice"]);
  expect(replies).toContainEqual(["bob", "bob"]);
});
