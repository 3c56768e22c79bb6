// The guard in front of GraphQL resolvers: queries, fields and subscriptions. Rules H1, H3, H4.
import { Module } from "@nestjs/common";
import type { DynamicModule, ExecutionContext, Type } from "@nestjs/common";
import { ApolloDriver } from "@nestjs/apollo";
import type { ApolloDriverConfig } from "@nestjs/apollo";
import {
  Args,
  GqlExecutionContext,
  GraphQLModule,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
  Subscription,
} from "@nestjs/graphql";
import { GraphQLSchemaHost } from "@nestjs/graphql";
import { ResolversExplorerService } from "@nestjs/graphql/dist/services/resolvers-explorer.service.js";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { problemDetails, Protect, Public, scope, SciTokensModule, Token } from "@scitokens/nest";
import type { SciToken, SciTokensOptions } from "@scitokens/nest";
import { closeAll, failureOf, start, T, token, trust } from "./fixture.js";

afterEach(closeAll);

const run = (context: ExecutionContext): string =>
  GqlExecutionContext.create(context).getArgs<{ readonly run: string }>().run;

@Resolver()
class Frames {
  @Query("plain") plain(@Token() given: SciToken): string {
    return String(given.subject);
  }
  @Public() @Query("open") open(@Token() given?: SciToken): string {
    return given === undefined ? "nobody" : "somebody";
  }
  @Protect("admin") @Query("admin") admin(): string {
    return "admin";
  }
  @Protect((context: ExecutionContext) => scope`read:/runs/${run(context)}`)
  @Query("frame")
  frame(@Args("run") name: string): string {
    return name;
  }
  @Protect("read:/data")
  @Subscription("ticks", { resolve: (value: unknown) => value })
  async *ticks(): AsyncGenerator<string> {
    yield "tick";
  }
}

function appOf(resolvers: readonly Type[], more: object = {}, options: SciTokensOptions = trust): Type {
  const graphql = GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    typeDefs: `
      type Query { plain: String! open: String! admin: String frame(run: String!): String }
      type Subscription { ticks: String! }`,
    graphiql: false,
    subscriptions: { "graphql-ws": true },
    ...more,
  });
  @Module({ imports: [graphql, SciTokensModule.forRoot(options)], providers: [...resolvers] })
  class App {}
  return App;
}

interface Answered {
  readonly status: number;
  readonly challenge: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: object }[];
}

async function ask(port: number, query: string, raw?: string): Promise<Answered> {
  const authorization = raw === undefined ? {} : { authorization: `Bearer ${raw}` };
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as Omit<Answered, "status" | "challenge">;
  return { ...answer, status: response.status, challenge: response.headers.get("www-authenticate") };
}

describe("a query", () => {
  it("is refused without a token unless it is public, the challenge in its answer (H3)", async () => {
    const { port } = await start(appOf([Frames]), (app) => app.useGlobalFilters(problemDetails()));
    const { status, challenge, data, errors } = await ask(port, "{ plain }");
    expect([status, challenge, data]).toEqual([200, 'Bearer realm="scitokens"', null]);
    expect(errors).toMatchObject([{ extensions: { code: "missing_token", status: 401 } }]);
    expect((await ask(port, "{ open }")).data).toEqual({ open: "nobody" });
    expect((await ask(port, "{ plain }", T)).data).toEqual({ plain: "alice" });
  });

  it("is judged field by field", async () => {
    const { port } = await start(appOf([Frames]));
    const { data, errors, challenge } = await ask(port, "{ open plain admin }", T);
    expect(data).toEqual({ open: "nobody", plain: "alice", admin: null });
    expect(errors).toMatchObject([{ extensions: { code: "insufficient_scope" } }]);
    expect(challenge).toContain('scope="admin"');
  });

  it("says which scope it needs by its arguments (R6)", async () => {
    const { port } = await start(appOf([Frames]));
    const raw = token("read:/runs/H1");
    expect((await ask(port, '{ frame(run: "H1") }', raw)).data).toEqual({ frame: "H1" });
    expect((await ask(port, '{ frame(run: "L1") }', raw)).errors).toMatchObject([
      { extensions: { code: "insufficient_scope" } },
    ]);
    expect((await ask(port, '{ frame(run: "../L1") }', raw)).errors).toMatchObject([
      { extensions: { code: "invalid_path" } },
    ]);
  });

  it("gives each field the token that it was judged by", async () => {
    @Resolver()
    class Who {
      @Query("who") who(@Args("as") name: string, @Token("sub") sub: string): string {
        return `${name} ${sub}`;
      }
    }
    const asked = (context: ExecutionContext): string =>
      GqlExecutionContext.create(context).getArgs<{ readonly as: string }>().as;
    const credentials = (context: ExecutionContext): string => `Bearer ${token("x", { sub: asked(context) })}`;
    // No field goes on before all are judged.
    let judged = 0;
    let release = (): void => undefined;
    const all = new Promise<void>((resolve) => (release = resolve));
    const hold = {
      async intercept(_: ExecutionContext, next: { handle(): unknown }): Promise<never> {
        if (++judged === 2) release();
        await all;
        return next.handle() as never;
      },
    };
    const module = appOf([Who], { typeDefs: "type Query { who(as: String!): String }" }, { ...trust, credentials });
    const { port } = await start(module, (app) => app.useGlobalInterceptors(hold));
    const { data } = await ask(port, '{ a: who(as: "alice") b: who(as: "bob") }');
    expect(data).toEqual({ a: "alice alice", b: "bob bob" });
  });

  it("says nothing of the token or the program in its errors (H4)", async () => {
    const { port } = await start(appOf([Frames], { includeStacktraceInErrorResponses: true }));
    const answered = JSON.stringify(await ask(port, "{ admin }", token("evil", { sub: "mallory" })));
    expect(answered).toContain("RefusedException");
    expect(answered).not.toMatch(/mallory|evil|\.[jt]s\b/);
  });
});

describe("a field with a resolver of its own", () => {
  @Resolver("Run")
  class Runs {
    @Query("run") run(): object {
      return { name: "H1" };
    }
    @Protect("admin") @ResolveField("secret") secret(@Parent() { name }: { readonly name: string }): string {
      return `secret of ${name}`;
    }
  }
  @Protect("read:/data")
  @Resolver("Run")
  class MarkedClass {
    @Query("run") run(): object {
      return {};
    }
    @ResolveField("secret") secret(): string {
      return "secret";
    }
  }
  const schema = {
    typeDefs: "type Run { name: String secret: String } type Query { run: Run }",
  };

  it("is judged where Nest is told to ask guards for fields (H3)", async () => {
    const { port } = await start(appOf([Runs], { ...schema, fieldResolverEnhancers: ["guards"] }));
    expect((await ask(port, "{ run { name secret } }", T)).data).toEqual({ run: { name: "H1", secret: null } });
    expect((await ask(port, "{ run { secret } }", token("admin"))).data).toEqual({ run: { secret: "secret of H1" } });
  });

  it("ends the start where Nest is not, since @Protect would not hold (H3)", async () => {
    for (const [resolver, name, more] of [
      [Runs, "Runs.secret", {}],
      [MarkedClass, "MarkedClass.secret", { fieldResolverEnhancers: ["interceptors"] }],
    ] as const) {
      const error = await failureOf(start(appOf([resolver], { ...schema, ...more })));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(`@Protect for ${name}: Nest asks no guard for the fields`);
    }
  });
});

describe("where Nest asks guards for fields", () => {
  const schema = { typeDefs: "type Run { name: String secret: String } type Query { run: Run }" };

  it("a field that is public stays open under a protected class (H3)", async () => {
    @Protect("read:/data")
    @Resolver("Run")
    class Opened {
      @Query("run") run(): object {
        return {};
      }
      @Public() @ResolveField("secret") secret(): string {
        return "open";
      }
    }
    const { port } = await start(appOf([Opened], schema));
    expect((await ask(port, "{ run { secret } }", T)).data).toEqual({ run: { secret: "open" } });
    expect((await ask(port, "{ run { secret } }")).errors).toMatchObject([{ extensions: { code: "missing_token" } }]);
  });

  it("a field of Query is a query, and judged without being told (H3)", async () => {
    @Resolver("Query")
    class Root {
      @Protect("admin") @ResolveField("run") run(): object {
        return { name: "H1" };
      }
    }
    const { port } = await start(appOf([Root], schema));
    expect((await ask(port, "{ run { name } }", T)).errors).toMatchObject([
      { extensions: { code: "insufficient_scope" } },
    ]);
    expect((await ask(port, "{ run { name } }", token("admin"))).data).toEqual({ run: { name: "H1" } });
  });

  it("all of several GraphQLModules have to be told (H3)", async () => {
    @Resolver("Run")
    class Runs {
      @Query("run") run(): object {
        return {};
      }
      @Protect("admin") @ResolveField("secret") secret(): string {
        return "secret";
      }
    }
    @Module({ providers: [Runs] })
    class Feature {}
    const graphql = (path: string, fieldResolverEnhancers: readonly "guards"[]): DynamicModule =>
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        include: [Feature],
        path,
        ...schema,
        graphiql: false,
        fieldResolverEnhancers: [...fieldResolverEnhancers],
      });
    const withSecond = (enhancers: readonly "guards"[]): Type => {
      const imports = [Feature, SciTokensModule.forRoot(trust), graphql("/a", ["guards"]), graphql("/b", enhancers)];
      @Module({ imports })
      class App {}
      return App;
    };
    expect(String(await failureOf(start(withSecond([]))))).toContain("@Protect for Runs.secret: Nest asks no guard");
    await start(withSecond(["guards"]));
    @Module({ imports: [Feature, SciTokensModule.forRoot(trust)] })
    class ServedByOthers {}
    expect(String(await failureOf(start(ServedByOthers)))).toContain("@Protect for Runs.secret: Nest asks no guard");
  });
});

describe("a reference of a federated graph", () => {
  const federated = {
    typeDefs: "type Run { name: String } type Query { run: Run }",
    fieldResolverEnhancers: ["guards"] as "guards"[],
  };
  type Resolve = (reference: object, context: object, info: object) => Promise<unknown>;

  @Resolver("Run")
  class Runs {
    @Protect("read:/data") @ResolveReference() one(_reference: object, @Token("sub") sub?: string): object {
      return { sub };
    }
  }
  @Resolver("Run")
  class Unmarked {
    @ResolveReference() one(): object {
      return {};
    }
  }
  @Public()
  @Resolver("Run")
  class Opened extends Unmarked {}

  it("ends the start where Nest asks no guard for it, marked or not, unless it is public (H3)", async () => {
    for (const resolver of [Runs, Unmarked]) {
      const error = await failureOf(start(appOf([resolver], { ...federated, fieldResolverEnhancers: [] })));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toContain(`@ResolveReference for ${resolver.name}.one: Nest asks no guard for references`);
    }
    const made = { provide: "runs", useFactory: () => new Unmarked() } as unknown as Type;
    expect(String(await failureOf(start(appOf([made], { ...federated, fieldResolverEnhancers: [] }))))).toContain(
      "Unmarked.one",
    );
    await start(appOf([Opened], { ...federated, fieldResolverEnhancers: [] }));
  });

  it("is judged by the header of the query where it does, each by itself (H1, H3)", async () => {
    const { app } = await start(appOf([Runs], federated));
    // As a federated graph calls it: without arguments between reference and context.
    const explored = app.get(ResolversExplorerService, { strict: false }).explore();
    const resolveReference = explored["Run"]?.["__resolveReference"] as Resolve;
    const incoming = (raw?: string): object => ({
      req: {
        method: "POST",
        url: "/graphql",
        headers: {},
        rawHeaders: raw === undefined ? [] : ["authorization", `Bearer ${raw}`],
      },
    });
    await expect(resolveReference({}, incoming(), {})).rejects.toMatchObject({ extensions: { code: "missing_token" } });
    const info = {}; // shared by the references of one query
    const subs = ["alice", "bob"];
    const resolved = subs.map((sub) => resolveReference({}, incoming(token("read:/data", { sub })), info));
    expect(await Promise.all(resolved)).toEqual([{ sub: "alice" }, { sub: "bob" }]);
  });
});

describe("a subscription", () => {
  interface Message {
    readonly type: string;
    readonly payload?: unknown;
  }

  async function subscribe(
    port: number,
    { headers = {}, params = {} }: { headers?: object; params?: object },
  ): Promise<Message> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, "graphql-transport-ws", { headers: { ...headers } });
    const messages: Message[] = [];
    return new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload: params })));
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message;
        messages.push(message);
        if (message.type === "connection_ack") {
          socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "subscription { ticks }" } }));
        }
        if (message.type !== "next" && message.type !== "error") return;
        socket.close();
        resolve(message);
      });
    });
  }

  it("is judged by the header of its handshake (H1)", async () => {
    const { app, port } = await start(appOf([Frames]));
    expect(app.get(GraphQLSchemaHost).schema.getSubscriptionType()).toBeDefined();
    expect(JSON.stringify(await subscribe(port, {}))).toContain("missing_token");
    const authorization = { authorization: `Bearer ${T}` };
    expect(await subscribe(port, { headers: authorization })).toMatchObject({ payload: { data: { ticks: "tick" } } });
    expect(JSON.stringify(await subscribe(port, { params: authorization }))).toContain("missing_token");
  });

  it("is judged by what the application says its credentials are", async () => {
    type Carrier = { readonly req: { readonly connectionParams?: { readonly authorization?: string } } };
    const credentials = (context: ExecutionContext): string | undefined =>
      GqlExecutionContext.create(context).getContext<Carrier>().req.connectionParams?.authorization;
    const { port } = await start(appOf([Frames], {}, { ...trust, credentials }));
    const bearer = (raw: string): object => ({ params: { authorization: `Bearer ${raw}` } });
    expect(await subscribe(port, bearer(T))).toMatchObject({ payload: { data: { ticks: "tick" } } });
    expect(JSON.stringify(await subscribe(port, bearer(token("x"))))).toContain("insufficient_scope");
    expect((await ask(port, "{ plain }", T)).data).toEqual({ plain: "alice" });
  });
});
