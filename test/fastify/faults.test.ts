// What an application's functions throw in Fastify is its own fault, and nobody's token's. Rule H3. Both versions.
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, protect } from "@scitokens/fastify";
import type { ProtectOptions } from "@scitokens/fastify";
import { ask, token, trust, versions } from "./fixture.js";

const T = token("read:/data");

describe.each(versions)("%s", (_, framework) => {
  let app: FastifyInstance;
  let seen: unknown[] = [];
  afterEach(() => app.close());

  function create(options: ProtectOptions, hook: "onRequest" | "preHandler" = "onRequest"): void {
    seen = [];
    app = framework();
    app.addHook("onError", async (_request, _reply, error) => void seen.push(error));
    app.setErrorHandler(problemDetails());
    app.get("/data", { [hook]: protect(options) }, () => "reached");
  }

  it.each([undefined, null, "route", 0])("answers 500 when a function throws %s (H3)", async (thrown) => {
    const functions = [
      // oxlint-disable prefer-promise-reject-errors -- what is no Error is the point
      { ...trust, scope: () => Promise.reject(thrown) },
      { ...trust, isRevoked: () => Promise.reject(thrown) },
      { ...trust, scope: "read:/other", onError: () => Promise.reject(thrown) },
      // oxlint-enable prefer-promise-reject-errors
    ];
    for (const options of functions) {
      for (const hook of ["onRequest", "preHandler"] as const) {
        create(options, hook);
        const { status, challenge, body } = await ask(app, "/data", T);
        expect([status, challenge]).toEqual([500, undefined]);
        expect(body).not.toContain("reached");
        expect(seen).toMatchObject([{ name: "Error", cause: thrown }]);
        await app.close();
      }
    }
  });

  it.each([
    ["a client that was refused", { status: 401, headers: { "X-Upstream": "secret" } }],
    ["a client of another make", { statusCode: 403 }],
  ])("takes the error of %s for a fault, not for an answer (H3)", async (_name, more) => {
    const fault = Object.assign(new Error("from below"), more);
    const isRevoked = (): never => {
      throw fault;
    };
    create({ ...trust, isRevoked });
    const response = await app.inject({ url: "/data", headers: { authorization: `Bearer ${T}` } });
    expect([response.statusCode, response.headers["x-upstream"]]).toEqual([500, undefined]);
    expect((seen[0] as Error).cause).toBe(fault);
  });

  it("passes on other errors of functions, and those that are made to be answers, as they are (H3)", async () => {
    const fault = new Error("the database is down");
    create({ ...trust, scope: () => Promise.reject(fault) });
    expect((await ask(app, "/data", T)).status).toBe(500);
    expect(seen[0]).toBe(fault);
    await app.close();
    const gone = Object.assign(new Error("this run is gone"), { statusCode: 410, status: 410, expose: true });
    create({ ...trust, scope: () => Promise.reject(gone) });
    const { status, body } = await ask(app, "/data", T);
    expect(status).toBe(410);
    expect(body).toContain("this run is gone");
  });

  it("says 500 to an error handler of the application's that sets no status (H3)", async () => {
    const options = { ...trust, scope: "read:/other", onError: () => Promise.reject(new Error("own fault")) };
    app = framework();
    app.setErrorHandler((_error, _request, reply) => reply.send("my own page"));
    app.get("/data", { onRequest: protect(options) }, () => "reached");
    expect(await ask(app, "/data", T)).toEqual({ status: 500, challenge: undefined, body: "my own page" });
  });
});
