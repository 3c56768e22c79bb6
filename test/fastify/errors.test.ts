// How refusals go up through a Fastify application, and what is logged of them. Rules H3 to H6. Both versions.
import { connect } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import { problemDetails, protect, Refusal, scitokens } from "@scitokens/fastify";
import type { ErrorHandler } from "@scitokens/fastify";
import { ask, CHALLENGE, logging, token, trust, versions } from "./fixture.js";

const options = { ...trust, scope: "read:/data" };
const read = protect(options);
const poor = token("read:/other", { sub: "mallory", jti: "mallory-7" });

describe.each(versions)("%s", (_, framework) => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  it("hands refusals to the application's error handler, status and challenge set before (H5)", async () => {
    const seen: unknown[] = [];
    app = framework();
    app.setErrorHandler((error, _request, reply) => {
      seen.push([error, reply.statusCode]);
      return reply.send("my own page");
    });
    app.get("/data", { onRequest: read }, () => "reached");
    expect(await ask(app, "/data")).toEqual({ status: 401, challenge: CHALLENGE, body: "my own page" });
    expect(seen).toMatchObject([[{ status: 401, expose: true, cause: { name: "MissingTokenError" } }, 401]]);
  });

  it("hands refusals to the error handler of the context, of the route, and to those above (H5)", async () => {
    app = framework();
    app.setErrorHandler((_error, _request, reply) => reply.send("above"));
    await app.register(scitokens, trust);
    app.register(async (below) => {
      below.setErrorHandler((error) => {
        throw error;
      });
      below.get("/data", { config: { scitokens: { scope: "read:/data" } } }, () => "reached");
      const errorHandler = (_error: unknown, _request: unknown, reply: FastifyReply): unknown => reply.send("route");
      below.get("/own", { errorHandler, config: { scitokens: { scope: "read:/data" } } }, () => "reached");
    });
    expect(await ask(app, "/data")).toEqual({ status: 401, challenge: CHALLENGE, body: "above" });
    expect(await ask(app, "/own")).toEqual({ status: 401, challenge: CHALLENGE, body: "route" });
  });

  it("says no more in Fastify's own answer than the problem document does (H4)", async () => {
    app = framework();
    app.get("/data", { onRequest: read }, () => "reached");
    const { status, challenge, body } = await ask(app, "/data", poor);
    expect([status, challenge]).toEqual([403, expect.stringContaining('error="insufficient_scope"')]);
    expect(JSON.parse(body)).toEqual({
      statusCode: 403,
      code: "insufficient_scope",
      error: "Forbidden",
      message: "the access token does not cover this request",
    });
  });

  it("logs why a request was refused, and nothing of its token (H4, H6)", async () => {
    const { lines, options: logged } = logging();
    app = framework(logged);
    const unreachable = { fetch: (): Promise<Response> => Promise.reject(new TypeError("fetch failed")) };
    const dead = { issuer: "https://dead.example.org", audience: "x", clock: () => 0, keys: unreachable };
    app.get("/data", { onRequest: read }, () => "reached");
    app.get("/dead", { onRequest: protect(dead) }, () => "reached");
    const forged = `${poor.slice(0, -6)}AAAAAA`;
    const bad = token("read:/..mallory/%2e%2e", { sub: "mallory" });
    const foreign = token("read:/data", { iss: "https://mallory.example.org", aud: "mallory" });
    for (const raw of [poor, forged, bad, foreign, token("read:/data", { aud: "mallory" })])
      await ask(app, "/data", raw);
    expect((await ask(app, "/dead", token("x", { iss: "https://dead.example.org", sub: "mallory" }))).status).toBe(503);
    const log = lines.join("");
    expect(log).toContain("no scope of the token covers what is required");
    expect(log).toContain('"level":50');
    expect(log).not.toContain("mallory");
    expect(log).not.toMatch(/eyJ[\w-]{10}/);
  });

  it("answers with a problem document that names Fastify's request, to HEAD without its body (H5, H6)", async () => {
    const events: unknown[] = [];
    app = framework({ genReqId: () => "request-7", exposeHeadRoutes: true });
    app.setErrorHandler(problemDetails());
    const onEvent = (event: unknown): void => void events.push(event);
    app.get("/data", { onRequest: protect({ ...options, onEvent }) }, () => "reached");
    const response = await app.inject("/data");
    expect(response.headers["content-type"]).toBe("application/problem+json");
    expect(response.json()).toMatchObject({ status: 401, code: "missing_token", requestId: "request-7" });
    expect(events).toMatchObject([{ type: "refused", requestId: "request-7" }]);
    const head = await app.inject({ method: "HEAD", url: "/data" });
    expect([head.statusCode, head.headers["www-authenticate"], head.body]).toEqual([401, CHALLENGE, ""]);
  });

  it("leaves other errors to the handler above problemDetails(), as they are (H3)", async () => {
    const fault = Object.assign(new Error("the handler's own fault"), { statusCode: 418 });
    const seen: unknown[] = [];
    app = framework();
    app.setErrorHandler((error, _request, reply) => {
      seen.push(error);
      return reply.code(418).send("above");
    });
    app.register(async (below) => {
      below.setErrorHandler(problemDetails());
      below.get("/data", { onRequest: read }, () => Promise.reject(fault));
    });
    expect((await ask(app, "/data", token("read:/data"))).body).toBe("above");
    expect(seen[0]).toBe(fault);
  });

  it.each([undefined, null, "a text", { status: 200 }])(
    "makes a 500 of what a handler throws: %o (H3)",
    async (thrown) => {
      app = framework();
      app.setErrorHandler(problemDetails());
      // oxlint-disable-next-line prefer-promise-reject-errors -- what is no Error is the point
      app.get("/data", { onRequest: read }, () => Promise.reject(thrown));
      expect((await ask(app, "/data", token("read:/data"))).status).toBe(500);
    },
  );

  const ways: readonly (readonly [string, ErrorHandler])[] = [
    ["returns its body", (refusal) => ({ code: refusal.code })],
    ["returns it late", async (refusal) => ({ code: refusal.code })],
    ["sends it", (refusal, _request, reply) => void reply.send({ code: refusal.code })],
    ["sends it and returns the reply", (refusal, _request, reply) => reply.send({ code: refusal.code })],
    ["sends it late", async (refusal, _request, reply) => reply.send({ code: refusal.code })],
    [
      "sends it after it has returned",
      (refusal, _request, reply) => void setImmediate(() => void reply.send({ code: refusal.code })),
    ],
    [
      "writes it by itself",
      (refusal, _request, reply) => {
        reply.hijack();
        reply.raw.writeHead(refusal.status, refusal.headers).end(JSON.stringify({ code: refusal.code }));
      },
    ],
  ];

  it.each(ways)("answers by an onError that %s, and never goes on (H5)", async (_name, onError) => {
    for (const hook of ["onRequest", "preParsing", "preHandler"] as const) {
      const reached = vi.fn(() => "reached");
      app = framework();
      // Answers that are sent late, as by a plugin that compresses them.
      app.addHook("onSend", async () => {
        await new Promise((resolve) => setImmediate(resolve));
      });
      app.get("/data", { [hook]: protect({ ...options, onError }) }, reached);
      const answered = await ask(app, "/data");
      expect(answered).toEqual({ status: 401, challenge: CHALLENGE, body: '{"code":"missing_token"}' });
      expect(reached).not.toHaveBeenCalled();
      await app.close();
    }
  });

  it("keeps the challenge where onError writes another status (H5)", async () => {
    app = framework();
    await app.register(scitokens, trust);
    const onError: ErrorHandler = (_refusal, _request, reply) => reply.code(404).send("hidden");
    app.get("/data", { onRequest: app.scitokens.protect({ scope: "read:/data", onError }) }, () => "reached");
    expect(await ask(app, "/data")).toEqual({ status: 404, challenge: CHALLENGE, body: "hidden" });
  });

  it("answers by the onError that routes have in common, or by a route's own (H5)", async () => {
    app = framework();
    await app.register(scitokens, { ...trust, onError: () => "common" });
    app.get("/common", { config: { scitokens: {} } }, () => "reached");
    app.get("/own", { config: { scitokens: { onError: () => "own" } } }, () => "reached");
    expect(await ask(app, "/common")).toMatchObject({ status: 401, body: "common" });
    expect(await ask(app, "/own")).toMatchObject({ status: 401, body: "own" });
  });

  it("passes a refusal on that onError throws, to the application's error handler too (H5)", async () => {
    const own = (_error: unknown, _request: unknown, reply: FastifyReply): void => void reply.send("own");
    for (const errorHandler of [problemDetails(), own]) {
      app = framework();
      const onError: ErrorHandler = (refusal) => {
        throw refusal;
      };
      app.get("/data", { errorHandler, onRequest: protect({ ...options, onError }) }, () => "reached");
      const { status, challenge, body } = await ask(app, "/data");
      expect([status, challenge]).toEqual([401, CHALLENGE]);
      expect(body).toMatch(/missing_token|own/);
      await app.close();
    }
  });

  it("does not go on where the client has left before onError answered (H3)", async () => {
    const reached = vi.fn(() => "reached");
    let asked = (): void => {};
    const waiting = new Promise<void>((resolve) => (asked = resolve));
    app = framework({ forceCloseConnections: true });
    app.setErrorHandler((error, _request, reply) => {
      ended(error);
      return reply.send("too late");
    });
    let ended = (_error: unknown): void => {};
    const end = new Promise((resolve) => (ended = resolve));
    app.get("/data", { onRequest: protect({ ...options, onError: () => asked() }) }, reached);
    const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("GET /data HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await waiting;
    socket.destroy();
    expect(await end).toBeInstanceOf(Refusal);
    expect(reached).not.toHaveBeenCalled();
  });
});
