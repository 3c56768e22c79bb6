// The guard alone, in kinds of contexts that no server here makes: gRPC, socket.io, and those that nobody knows. Rules H1, H2, H3.
import "reflect-metadata";
import type { ExecutionContext } from "@nestjs/common";
import { NestFactory, Reflector } from "@nestjs/core";
import { ExecutionContextHost } from "@nestjs/core/helpers/execution-context-host.js";
import { describe, expect, it } from "vitest";
import {
  fromRequest,
  getToken,
  problemDetails,
  Protect,
  Public,
  RefusedException,
  SciTokensGuard,
  SciTokensModule,
} from "@scitokens/nest";
import type { SciTokensOptions } from "@scitokens/nest";
import { T, token, trust } from "./fixture.js";

class Handlers {
  plain(): void {}
  @Protect("admin") admin(): void {}
  @Protect({ optional: true }) optional(): void {}
  @Protect(fromRequest()) path(): void {}
  @Public() open(): void {}
}

type Name = Exclude<keyof Handlers, "constructor">;

function contextOf(type: string, args: readonly unknown[], name: Name = "plain"): ExecutionContext {
  const context = new ExecutionContextHost([...args], Handlers, Handlers.prototype[name]);
  context.setType(type);
  return context;
}

async function guard(options: SciTokensOptions = trust): Promise<SciTokensGuard> {
  const app = await NestFactory.createApplicationContext(SciTokensModule.forRoot(options), { logger: false });
  return app.get(SciTokensGuard);
}

/** What is thrown, as Nest's filters would read it. */
async function refusalOf(
  context: ExecutionContext,
  by: Promise<SciTokensGuard> | SciTokensGuard = guard(),
): Promise<unknown> {
  try {
    await (await by).canActivate(context);
  } catch (error) {
    const thrown = error as { getError?(): unknown; getResponse?(): unknown };
    return thrown.getError?.() ?? thrown.getResponse?.() ?? error;
  }
  throw new Error("it went through");
}

describe("gRPC", () => {
  const metadata = (...values: readonly (string | Buffer)[]): object => ({
    getMap: () => ({}),
    get: (name: string) => (name === "authorization" ? [...values] : []),
  });
  const call = (values: readonly string[], name?: Name): ExecutionContext =>
    contextOf("rpc", [{}, metadata(...values)], name);

  it("is judged by the call's metadata (H1)", async () => {
    const context = call([`Bearer ${T}`]);
    expect(await (await guard()).canActivate(context)).toBe(true);
    expect(getToken(context).subject).toBe("alice");
  });

  it("is refused with gRPC's own status codes (H3)", async () => {
    expect(await refusalOf(call([]))).toMatchObject({ code: 16, message: expect.stringContaining("token is needed") });
    expect(await refusalOf(call(["Bearer x"]))).toMatchObject({ code: 16 });
    expect(await refusalOf(call([`Bearer ${T}`], "admin"))).toMatchObject({ code: 7 });
    expect(await refusalOf(call(["Bearer"]))).toMatchObject({ code: 3 });
    const keys = { fetch: () => Promise.reject(new TypeError("down")) };
    const dead = guard({ ...trust, issuer: "https://issuer.example.org", keys });
    expect(await refusalOf(call([`Bearer ${T}`]), dead)).toMatchObject({ code: 14 });
  });

  it("is refused with credentials that differ (H2)", async () => {
    expect(await refusalOf(call([`Bearer ${T}`, "Bearer x"]))).toMatchObject({ code: 3 });
    expect(await (await guard()).canActivate(call([`Bearer ${T}`, `Bearer ${T}`]))).toBe(true);
  });
});

describe("socket.io", () => {
  const client = (raw?: string): object => ({
    request: {
      method: "GET",
      url: "/socket.io/?x",
      headers: {},
      rawHeaders: raw === undefined ? [] : ["Authorization", `Bearer ${raw}`],
    },
  });

  it("is judged by the handshake's request, which it keeps (H1)", async () => {
    expect(await (await guard()).canActivate(contextOf("ws", [client(T), {}]))).toBe(true);
    expect(await refusalOf(contextOf("ws", [client(), {}]))).toMatchObject({ code: "missing_token" });
    expect(await refusalOf(contextOf("ws", [{}, {}]))).toMatchObject({ code: "missing_token" });
  });
});

describe("GraphQL on other servers than Apollo's for Express", () => {
  const raw = (bearer?: string): object => ({
    method: "POST",
    url: "/graphql",
    headers: {},
    rawHeaders: bearer === undefined ? [] : ["authorization", `Bearer ${bearer}`],
  });
  const replyTo = (request: object): { readonly sent: object[]; readonly reply: object } => {
    const sent: object[] = [];
    const reply = {
      sent: false,
      raw: { headersSent: false },
      request,
      code: () => reply,
      headers: sent.push.bind(sent),
    };
    return { sent, reply };
  };

  it.each([
    ["Apollo on Fastify", (request: object, reply: object) => ({ req: request, res: reply })],
    ["Mercurius", (_: object, reply: object) => ({ reply })],
  ])("%s is judged by the request, and challenged in the reply (H1, H3)", async (_, contextFor) => {
    const good = { raw: raw(T) };
    const passed = contextOf("graphql", [{}, {}, contextFor(good, replyTo(good).reply), {}]);
    expect(await (await guard()).canActivate(passed)).toBe(true);
    const bare = { raw: raw() };
    const { sent, reply } = replyTo(bare);
    const refused = contextOf("graphql", [{}, {}, contextFor(bare, reply), {}]);
    expect(await refusalOf(refused)).toMatchObject({ code: "missing_token" });
    expect(sent).toEqual([{ "WWW-Authenticate": 'Bearer realm="scitokens"' }]);
  });
});

describe("a GraphQL subscription whose driver hands on the context of graphql-ws", () => {
  it("is judged by the request of its handshake (H1)", async () => {
    const request = { method: "GET", url: "/", headers: {}, rawHeaders: ["authorization", `Bearer ${T}`] };
    const context = contextOf("graphql", [{}, {}, { extra: { request } }, {}]);
    expect(await (await guard()).canActivate(context)).toBe(true);
  });
});

describe("an answer that was written meanwhile", () => {
  it("gets no challenge, and no body (H5)", async () => {
    const written: unknown[] = [];
    const write = written.push.bind(written);
    const reply = { sent: true, raw: { headersSent: true }, code: write, headers: write, send: write };
    const response = { headersSent: true, setHeader: write, end: write };
    const request = { method: "POST", url: "/", headers: {}, rawHeaders: [] };
    for (const res of [reply, response]) {
      const context = contextOf("graphql", [{}, {}, { req: request, res }, {}]);
      expect(await refusalOf(context)).toMatchObject({ code: "missing_token" });
      const http = contextOf("http", [request, { ...response, setHeader: () => undefined }]);
      const thrown: unknown = await (await guard()).canActivate(http).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(RefusedException);
      const filter = problemDetails();
      Reflect.apply(filter.catch, filter, [thrown, contextOf("http", [request, res])]);
    }
    expect(written).toEqual([]);
  });
});

describe("a bare value", () => {
  it("keeps its token by itself, in microservices as in gateways", async () => {
    const by = await guard({ ...trust, credentials: (c) => `Bearer ${token("x", { sub: String(c.getArgs()[0]) })}` });
    const [one, two] = ["alice", "bob"].map((name) => contextOf("rpc", [name, {}])) as [
      ExecutionContext,
      ExecutionContext,
    ];
    for (const context of [one, two]) await by.canActivate(context);
    expect([getToken(one).subject, getToken(two).subject]).toEqual(["alice", "bob"]);
    expect(() => getToken(contextOf("ws", [{}, "text", "pattern"]))).toThrow(/there is no token/);
  });
});

it("leaves refusals in other contexts than HTTP to those who answer there", async () => {
  const written: unknown[] = [];
  const response = { headersSent: false, setHeader: () => undefined, end: (body: unknown) => written.push(body) };
  const context = contextOf("graphql", [{}, response, {}, {}]);
  const thrown: unknown = await (await guard()).canActivate(context).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RefusedException);
  const filter = problemDetails();
  expect(() => Reflect.apply(filter.catch, filter, [thrown, context])).toThrow(RefusedException);
  expect(written).toEqual([]);
});

describe("credentials that the application finds", () => {
  it("may be found later, and several (H2)", async () => {
    const later = guard({ ...trust, credentials: () => Promise.resolve([`Bearer ${T}`]) });
    expect(await (await later).canActivate(contextOf("ws", [{}, {}]))).toBe(true);
    const differ = guard({ ...trust, credentials: () => [`Bearer ${T}`, "Bearer x"] });
    expect(await refusalOf(contextOf("ws", [{}, {}]), differ)).toMatchObject({ code: "invalid_request" });
    const none = guard({ ...trust, credentials: () => [] });
    expect(await refusalOf(contextOf("ws", [{}, {}]), none)).toMatchObject({ code: "missing_token" });
  });

  it("end as an error of the program where they are none (H3)", async () => {
    for (const wrong of [7, ["Bearer x", 7], { a: 1 }]) {
      const by = guard({ ...trust, credentials: () => wrong as unknown as string });
      expect(String(await refusalOf(contextOf("ws", [{}, {}]), by))).toMatch(
        /TypeError: credentials: expected it to return/,
      );
    }
    for (const thrown of [undefined, null, "route"]) {
      const by = guard({
        ...trust,
        credentials: () => {
          throw thrown;
        },
      });
      expect(await refusalOf(contextOf("ws", [{}, {}]), by)).toBeInstanceOf(Error);
    }
  });

  it("have no path that a rule could ask for (R3)", async () => {
    const given = guard({ ...trust, credentials: () => `Bearer ${token("read:/ write:/")}` });
    for (const type of ["rpc", "ws", "graphql"]) {
      const context = contextOf(type, [{}, {}, {}, {}], "path");
      expect([type, await refusalOf(context, given)]).toMatchObject([type, { code: "insufficient_scope" }]);
    }
  });
});

describe("a kind of context that nobody knows", () => {
  it("is refused, an optional token or none needed, unless it is public (H3, H8)", async () => {
    for (const name of ["plain", "optional"] as const) {
      const refused = await refusalOf(contextOf("telegram", [{}, {}], name));
      expect(String(refused)).toMatch(/knows no 'telegram' contexts: say with the option 'credentials'/);
    }
    expect(await (await guard()).canActivate(contextOf("telegram", [{}, {}], "open"))).toBe(true);
  });

  it("is judged by what the application says its credentials are", async () => {
    const told = guard({ ...trust, credentials: () => `Bearer ${T}` });
    const context = contextOf("telegram", [{}, {}]);
    expect(await (await told).canActivate(context)).toBe(true);
    expect(getToken(context).subject).toBe("alice");
    expect(await refusalOf(contextOf("telegram", [{}], "admin"), told)).toMatchObject({ code: "insufficient_scope" });
  });

  it("names Nest's own metadata, which decorators that wrap a handler copy", () => {
    expect(new Reflector().get("scitokens:mark", Handlers.prototype.open)).toEqual({ kind: "public" });
  });
});

describe("HTTP", () => {
  it("is refused as an error of the program where the request is none (H3)", async () => {
    expect(String(await refusalOf(contextOf("http", [{}, {}])))).toMatch(/without a request of Express or Fastify/);
  });
});
