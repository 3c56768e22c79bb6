// protect() as one of several strategies: what refused and was overruled leaves no trace. Rules H3, H5.
import fastifyAuth from "@fastify/auth";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import { problemDetails, protect, scitokens } from "@scitokens/fastify";
import type { ProtectHook, RouteConfig } from "@scitokens/fastify";
import { ask, CHALLENGE, otherTrust, token, trust, versions } from "./fixture.js";

const pass = async (): Promise<void> => {};
const fail = async (): Promise<void> => {
  throw Object.assign(new Error("no password"), { statusCode: 401 });
};
const faults: readonly (readonly [string, RouteConfig | "isRevoked"])[] = [
  // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
  ["a scope function that rejects with undefined", { scope: () => Promise.reject() }],
  ["a scope function that throws", { scope: () => JSON.parse("{") as never }],
  ["an onError that throws", { scope: "read:/other", onError: () => Promise.reject(new Error("own fault")) }],
];

describe("inside @fastify/auth", () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  type Strategies = (protect: (config: RouteConfig) => ProtectHook) => Parameters<FastifyInstance["auth"]>;

  async function create(strategies: Strategies, at: "onRequest" | "preHandler" = "preHandler"): Promise<void> {
    app = fastify();
    app.setErrorHandler(problemDetails());
    await app.register(fastifyAuth);
    await app.register(scitokens, trust);
    app.get("/data", { [at]: app.auth(...strategies(app.scitokens.protect)) }, (request) => ({
      subject: request.scitoken?.subject ?? null,
    }));
  }

  const write = { scope: "write:/data" };
  const read = { scope: "read:/data" };

  it.each(["onRequest", "preHandler"] as const)(
    "leaves nothing of a refusal that ours overrules, in %s (H5)",
    async (at) => {
      await create((own) => [[own(write), own(read)], { relation: "or" }], at);
      expect(await ask(app, "/data", token("read:/data"))).toEqual({
        status: 200,
        challenge: undefined,
        body: '{"subject":"alice"}',
      });
    },
  );

  it.each(["onRequest", "preHandler"] as const)(
    "leaves nothing of one that another's overrules, in %s (H5)",
    async (at) => {
      await create((own) => [[own(read), pass], { relation: "or" }], at);
      for (const raw of [undefined, "abc", token("read:/other")]) {
        expect(await ask(app, "/data", raw)).toEqual({ status: 200, challenge: undefined, body: '{"subject":null}' });
      }
    },
  );

  it("leaves no status of a refusal without the plugin, and a challenge that means nothing there", async () => {
    app = fastify();
    await app.register(fastifyAuth);
    const strategies = [protect({ ...trust, scope: "read:/data" }), pass];
    app.get("/data", { onRequest: app.auth(strategies, { relation: "or" }) }, () => "reached");
    expect(await ask(app, "/data")).toEqual({ status: 200, challenge: CHALLENGE, body: "reached" });
  });

  it("leaves nothing where all strategies are run, whichever lets the request through (H5)", async () => {
    await create((own) => [[own(read), own(write)], { relation: "or", run: "all" }]);
    expect(await ask(app, "/data", token("read:/data"))).toMatchObject({ status: 200, challenge: undefined });
  });

  it("answers with the last refusal where all refuse, its status and challenge together (H3, H5)", async () => {
    await create((own) => [[fail, own(write), own(read)], { relation: "or" }]);
    const poor = await ask(app, "/data", token("read:/other"));
    expect(poor).toMatchObject({ status: 403, challenge: expect.stringContaining('scope="read:/data"') as string });
    expect(await ask(app, "/data")).toMatchObject({ status: 401, challenge: CHALLENGE });
  });

  it("leaves no challenge of ours in another's refusal with another status (H5)", async () => {
    await create((own) => [[own(read), fail], { relation: "or" }]);
    const { status, challenge, body } = await ask(app, "/data", token("read:/other"));
    expect([status, challenge]).toEqual([401, undefined]);
    expect(body).toContain("no password");
  });

  it("requires all of several (H3)", async () => {
    await create((own) => [[own(read), own(write)], { relation: "and" }]);
    expect(await ask(app, "/data", token("read:/data"))).toMatchObject({ status: 403 });
    expect(await ask(app, "/data", token("read:/data write:/data"))).toMatchObject({
      status: 200,
      challenge: undefined,
    });
  });

  it.each(faults)("answers 500 to %s, in every relation (H3)", async (_, broken) => {
    for (const relation of ["or", "and"] as const) {
      await create((own) => [[own(broken as RouteConfig)], { relation }]);
      const { status, challenge } = await ask(app, "/data", token("read:/data"));
      expect([status, challenge]).toEqual([500, undefined]);
      await app.close();
    }
  });
});

describe.each(versions)("%s", (_, framework) => {
  it("tries one issuer after the other, by hand (I12, H5)", async () => {
    const app = framework();
    const first = protect({ ...trust, scope: "read:/data" });
    const second = protect({ ...otherTrust, scope: "read:/data" });
    const either: ProtectHook = (request, reply) => first(request, reply).catch(() => second(request, reply));
    app.get("/data", { onRequest: either }, (request) => request.scitoken?.issuer);
    expect(await ask(app, "/data", token("read:/data", { iss: "https://other.example.org" }))).toEqual({
      status: 200,
      challenge: undefined,
      body: "https://other.example.org",
    });
    expect(await ask(app, "/data")).toMatchObject({ status: 401, challenge: CHALLENGE });
    await app.close();
  });

  it("leaves nothing of several refusals, and of the last alone where none is overruled (H5)", async () => {
    const app = framework();
    const keys = { fetch: () => Promise.reject(new TypeError("fetch failed")) };
    const issuer = "https://issuer.example.org";
    const dead = protect({ issuer, audience: trust.audience, clock: () => 1_790_000_000, keys });
    const poor = protect({ ...trust, scope: "write:/data" });
    const good = protect({ ...trust, scope: "read:/data" });
    const tried: ProtectHook = (a, b) => dead(a, b).catch(() => poor(a, b));
    app.get("/two", { onRequest: tried }, () => "reached");
    app.get("/three", { onRequest: (a, b) => tried(a, b).catch(() => good(a, b)) }, () => "reached");
    const headers = { authorization: `Bearer ${token("read:/data")}` };
    const refused = await app.inject({ url: "/two", headers });
    expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([403, undefined]);
    expect(refused.headers["www-authenticate"]).toContain("insufficient_scope");
    expect((await app.inject({ url: "/three", headers })).statusCode).toBe(200);
    await app.close();
  });

  it("keeps the status that was set before it refused and was overruled (H5)", async () => {
    const app = framework();
    const first = protect({ ...trust, scope: "write:/data" });
    const second = protect({ ...trust, scope: "read:/data" });
    const handler = vi.fn(() => "made");
    app.addHook("onRequest", async (_request, reply) => void reply.code(201));
    app.get("/data", { onRequest: (a, b) => first(a, b).catch(() => second(a, b)) }, handler);
    expect(await ask(app, "/data", token("read:/data"))).toMatchObject({ status: 201, body: "made" });
    await app.close();
  });
});
