// Which path a Fastify request is about: what came in, whatever was made of it since. Rules R2, R3, H7. Both versions.
import { connect } from "node:http2";
import fastify5 from "fastify";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { fromRequest, problemDetails, protect, requestPath, scitokens } from "@scitokens/fastify";
import { listen } from "../contract/listen.js";
import { ask, AUDIENCE, bearer, ISSUER, status, token, trust, versions } from "./fixture.js";

const byPath = protect({ ...trust, scope: fromRequest() });
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

describe.each(versions)("%s", (_, framework) => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  it("judges the path that came in, where rewriteUrl has changed it (R2)", async () => {
    app = framework({ rewriteUrl: ({ url = "" }) => url.replace("/archive", "/store") });
    app.get("/store/*", { onRequest: byPath }, (request) => request.url);
    expect(await ask(app, "/archive/a", token("read:/archive"))).toMatchObject({ status: 200, body: "/store/a" });
    expect(await status(app, "/archive/a", token("read:/store"))).toBe(403);
    expect(await status(app, "/archive/..%2fa", token("read:/"))).toBe(400);
  });

  it("judges the path that came in, where Fastify is mounted in another application (R2)", async () => {
    app = framework();
    app.get("/a", { onRequest: byPath }, () => "a");
    await app.ready();
    const outer = await listen((request, response) => {
      const { url = "" } = request;
      app.routing(Object.assign(request, { originalUrl: url, url: url.replace("/mounted", "") }), response);
    });
    const get = async (raw: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${outer.port}/mounted/a`, { headers: bearer(raw) })).status;
    expect([await get(token("read:/mounted/a")), await get(token("read:/a"))]).toEqual([200, 403]);
    await outer.close();
  });

  it("judges to the letter where the router does not (R2)", async () => {
    const lax = { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true };
    app = framework("addHttpMethod" in framework() ? { routerOptions: lax } : lax);
    app.get("/data/a", { onRequest: byPath }, (request) => requestPath(request.originalUrl));
    expect(await ask(app, "/data/a", token("read:/data/a"))).toMatchObject({ status: 200, body: "/data/a" });
    expect(await status(app, "/DATA/a", token("read:/data/a"))).toBe(403);
    expect(await ask(app, "/DATA/a", token("read:/DATA/a"))).toMatchObject({ status: 200, body: "/DATA/a" });
  });

  const resources: readonly (readonly [resource: string, others: readonly string[]])[] = [
    ["/", ["/x"]],
    ["/v1", ["/V1", "/v1/", "/v1/x", "/v2"]],
    ["/v1:frames", ["/v1", "/v1:run", "/v1x"]],
    ["/a*b", ["/a", "/axb", "/a*", "/a*b/c"]],
    ["/a%20b/c", ["/a/c", "/a%2520b/c", "/a%20b"]],
    ["/a;b", ["/a", "/a;c"]],
    ["/a(b)", ["/a", "/ab"]],
    ["/%C3%A9", ["/e", "/%c3%a9/x"]],
  ];

  it.each(resources)("serves the metadata of %s at its own place and at no other (H7)", async (resource, others) => {
    app = framework();
    await app.register(scitokens, { ...trust, resourceMetadata: { resource: AUDIENCE + resource } });
    app.route(app.scitokens.metadata());
    const path = WELL_KNOWN + (resource === "/" ? "" : resource);
    const response = await app.inject(`${path}?x=1`);
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("application/json");
    expect(response.json()).toMatchObject({ resource: AUDIENCE + resource, authorization_servers: [ISSUER] });
    for (const other of others) expect([other, await status(app, WELL_KNOWN + other)]).toEqual([other, 404]);
  });

  it("serves no metadata at a place that a prefix or a rewritten path makes of it (H7, R2)", async () => {
    app = framework({ rewriteUrl: ({ url = "" }) => url.replace("/told", WELL_KNOWN) });
    await app.register(scitokens, trust);
    app.route(app.scitokens.metadata());
    app.register(async (area) => void area.route(area.scitokens.metadata()), { prefix: "/area" });
    expect([await status(app, WELL_KNOWN), await status(app, "/told")]).toEqual([200, 404]);
    expect(await status(app, `/area${WELL_KNOWN}`)).toBe(404);
  });

  it("refuses to serve metadata that nothing is known of (H7)", async () => {
    app = framework();
    await app.register(scitokens, { ...trust, audience: "frames" });
    expect(() => app.scitokens.metadata()).toThrow(/resourceMetadata.resource: expected/);
  });
});

describe("HTTP/2", () => {
  it("finds header lines and path in the pseudo-headers' company (H1, H2, R2)", async () => {
    const app = fastify5({ http2: true });
    app.setErrorHandler(problemDetails());
    await app.register(scitokens, trust);
    app.get("/data/*", { config: { scitokens: { scope: fromRequest() } } }, () => "reached");
    const session = connect(await app.listen({ host: "127.0.0.1", port: 0 }));
    const get = (headers: object): Promise<readonly [unknown, unknown]> =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ":path": "/data/a", ...headers });
        stream.on("response", (head) => resolve([head[":status"], head["www-authenticate"]]));
        stream.on("error", reject).resume().end();
      });
    expect(await get(bearer(token("read:/data")))).toEqual([200, undefined]);
    expect(await get({})).toEqual([401, 'Bearer realm="scitokens"']);
    expect((await get(bearer(token("read:/other"))))[0]).toBe(403);
    expect((await get({ ...bearer(token("read:/")), ":path": "/data/a%2fb" }))[0]).toBe(400);
    session.close();
    await app.close();
  });
});
