// A token for whom it is meant: the header to the letter, what is asked of the source, one more try after a 401.
import { AccessToken, audienceOf, authorizedFetch, TokenError } from "@scitokens/client";
import type { AuthorizedFetchOptions, TokenSource } from "@scitokens/client";
import * as undici from "undici";
import { describe, expect, it } from "vitest";
import { INVALID_TOKEN, numberedTokens, serve } from "./http-servers.js";

const ok = { status: 200, body: "ok" };
const spelt = /^(authorization|range|depth|content-type|x-own):/i;

describe("the header on the wire", () => {
  const headers = { Range: "bytes=0-9", Depth: "0" };
  const expected = ["Range: bytes=0-9", "Depth: 0", "Authorization: Bearer t1"];
  const undicis = undici.fetch as unknown as typeof fetch;
  const rows: [string, typeof fetch | undefined, NonNullable<RequestInit["headers"]>][] = [
    ["a record", undefined, headers],
    ["pairs", undefined, Object.entries(headers)],
    ["a Headers object", undefined, new Headers(headers)],
    ["a record, by undici's fetch", undicis, headers],
    ["the built-in Headers, by undici's fetch", undicis, new Headers(headers)],
    ["undici's Headers, by undici's fetch", undicis, new undici.Headers(headers)],
    ["undici's Headers, by the built-in fetch", undefined, new undici.Headers(headers)],
  ];

  it.each(rows)("is spelt Authorization: Bearer, and others as usual, from %s", async (_name, send, given) => {
    const server = await serve(() => ok);
    await authorizedFetch(numberedTokens(), { fetch: send })(server.url, { headers: given });
    const lines = server.heard[0]?.lines.filter((line) => spelt.test(line));
    expect(lines?.toSorted()).toEqual(expected.toSorted());
  });

  it("keeps a caller's own spelling", async () => {
    const server = await serve(() => ok);
    await authorizedFetch(numberedTokens())(server.url, { headers: { "x-OWN": "1" } });
    expect(server.heard[0]?.lines).toContain("x-OWN: 1");
  });

  it("is added to the headers of a Request", async () => {
    const server = await serve(() => ok);
    const request = new Request(`${server.url}/a`, { method: "PUT", body: "data", headers: { Range: "bytes=0-9" } });
    await authorizedFetch(numberedTokens())(request);
    const [heard] = server.heard;
    expect(heard).toMatchObject({ method: "PUT", target: "/a", token: "Bearer t1", body: "data" });
    expect(heard?.lines).toEqual(
      expect.arrayContaining(["Range: bytes=0-9", expect.stringMatching(/^content-type: text/i)]),
    );
  });

  it.each<[string, RequestInit | undefined, boolean]>([
    ["a record", { headers: { authorization: "Basic eDp5" } }, false],
    ["pairs", { headers: [["AUTHORIZATION", "Basic eDp5"]] }, false],
    ["Headers", { headers: new Headers({ Authorization: "Basic eDp5" }) }, false],
    ["a Request", undefined, true],
  ])("is not put beside one of the caller's own, in %s", async (_name, init, asRequest) => {
    const server = await serve(() => ok);
    const input = asRequest ? new Request(server.url, { headers: { authorization: "Basic eDp5" } }) : server.url;
    const sent = authorizedFetch(numberedTokens())(input, init);
    await expect(sent).rejects.toThrow(/the request has an Authorization header of its own/);
    expect(server.heard).toEqual([]);
  });

  it.each([["a b"], ["a\r\nX-Injected: 1"], [""], ["é"], [undefined], [7]])("holds no token like %j", async (value) => {
    const server = await serve(() => ok);
    const source: TokenSource = { token: async () => new AccessToken(value as string, { source: "test" }) };
    await expect(authorizedFetch(source)(server.url)).rejects.toMatchObject({ code: "unusable" });
    expect(server.heard).toEqual([]);
  });
});

describe("what the source is asked for", () => {
  const asked = async (options: AuthorizedFetchOptions, path = "/a", method = "GET"): Promise<object | undefined> => {
    const server = await serve(() => ok);
    const source = numberedTokens();
    await authorizedFetch(source, options)(server.url + path, { method });
    const { signal: _, ...request } = source.asked[0] ?? {};
    return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  };

  it.each<[AuthorizedFetchOptions, object]>([
    [{}, { audience: "http://127.0.0.1" }],
    [{ audience: undefined }, { audience: "http://127.0.0.1" }],
    [{ audience: null }, {}],
    [{ audience: "a" }, { audience: "a" }],
    [{ audience: ["a", "b"] }, { audience: ["a", "b"] }],
    [{ audience: (url, method) => `${method} ${url.pathname}` }, { audience: "DELETE /a" }],
    [{ audience: () => undefined }, {}],
    [{ audience: null, scope: "read:/" }, { scope: "read:/" }],
    [{ audience: null, scope: ({ pathname }, method) => `${method}:${pathname}` }, { scope: "DELETE:/a" }],
    [
      { audience: null, resource: "r", issuer: "i", timeLeft: 5 },
      { resource: "r", issuer: "i", timeLeft: 5 },
    ],
  ])("by %j", async (options, request) => {
    expect(await asked(options, "/a", "DELETE")).toEqual(request);
  });

  it.each([
    ["https://data.example/x", "https://data.example"],
    ["https://data.example:8443/x?y#z", "https://data.example"],
    ["https://DATA.example", "https://data.example"],
    ["https://[::1]:1094/", "https://[::1]"],
    [new URL("http://localhost:1/"), "http://localhost"],
  ])("audienceOf %s is %s: no port", (url, audience) => {
    expect(audienceOf(url)).toBe(audience);
  });

  it("hands on the caller's signal", async () => {
    const reason = new Error("enough");
    const hanging: TokenSource = {
      token: ({ signal } = {}) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error))),
    };
    const ending = new AbortController();
    const sent = authorizedFetch(hanging)("https://data.example", { signal: ending.signal });
    ending.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it("is the source's word: no token, no request", async () => {
    const server = await serve(() => ok);
    const error = new TokenError("not_found", "none", { source: "test" });
    await expect(authorizedFetch({ token: () => Promise.reject(error) })(server.url)).rejects.toBe(error);
    expect(server.heard).toEqual([]);
  });
});

describe("a 401 that says invalid_token", () => {
  const strict = (first: string) =>
    serve(({ token }) => (token === first ? { status: 401, headers: INVALID_TOKEN, body: "no" } : ok));
  const stream = (): ReadableStream => new Blob(["data"]).stream();
  const form = new FormData();
  form.append("a", "data");
  const url = new URLSearchParams({ a: "data" });

  it.each<[string, NonNullable<RequestInit["body"]> | null, string | RegExp]>([
    ["no body", null, ""],
    ["text", "data", "data"],
    ["bytes", Buffer.from("data"), "data"],
    ["an ArrayBuffer", new TextEncoder().encode("data").buffer, "data"],
    ["a Blob", new Blob(["data"]), "data"],
    ["a form", form, /name="a"\r\n\r\ndata\r\n/],
    ["parameters", url, "a=data"],
  ])("gets one fresh token and one more try, with %s", async (_name, body, sent) => {
    const server = await strict("Bearer t1");
    const source = numberedTokens();
    const method = body === null ? "GET" : "PUT";
    const response = await authorizedFetch(source)(`${server.url}/x`, { method, body });
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect(server.heard.map(({ token }) => token)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(server.heard.map(({ method: used, target }) => `${used} ${target}`)).toEqual(Array(2).fill(`${method} /x`));
    for (const heard of server.heard) expect(heard.body).toMatch(sent);
    expect(source.asked.map(({ fresh }) => fresh)).toEqual([undefined, undefined, true]);
  });

  it.each<[string, (url: string) => [string | Request, RequestInit?]]>([
    ["a stream", (to) => [to, { method: "PUT", body: stream(), duplex: "half" }]],
    ["a Request with a body", (to) => [new Request(to, { method: "PUT", body: "data" })]],
  ])("is given back where the body was %s, which is used up", async (_name, input) => {
    const server = await strict("Bearer t1");
    const response = await authorizedFetch(numberedTokens())(...input(server.url));
    expect([response.status, await response.text()]).toEqual([401, "no"]);
    expect(server.heard).toHaveLength(1);
  });

  it("is tried again for a Request without a body", async () => {
    const server = await strict("Bearer t1");
    const response = await authorizedFetch(numberedTokens())(new Request(server.url));
    expect(response.status).toBe(200);
  });

  it("is given back the second time", async () => {
    const server = await serve(() => ({ status: 401, headers: INVALID_TOKEN, body: "no" }));
    const response = await authorizedFetch(numberedTokens())(server.url);
    expect([response.status, await response.text()]).toEqual([401, "no"]);
    expect(server.heard).toHaveLength(2);
  });

  it("gets no second try where there is no other token: the same again, or none", async () => {
    const server = await serve(() => ({ status: 401, headers: INVALID_TOKEN, body: "no" }));
    const same = { token: async () => new AccessToken("same", { source: "test" }) };
    expect(await (await authorizedFetch(same)(server.url)).text()).toBe("no");
    let count = 0;
    const once: TokenSource = {
      async token() {
        if (count++ > 0) throw new TokenError("unreachable", "down", { source: "test" });
        return new AccessToken("once", { source: "test" });
      },
    };
    expect((await authorizedFetch(once)(server.url)).status).toBe(401);
    expect(server.heard).toHaveLength(2);
  });

  it("takes a token that somebody else has renewed meanwhile, before it asks for a fresh one", async () => {
    const server = await strict("Bearer old");
    const asked: (boolean | undefined)[] = [];
    const source: TokenSource = {
      async token(request) {
        asked.push(request?.fresh);
        return new AccessToken(asked.length === 1 ? "old" : "renewed", { source: "test" });
      },
    };
    expect((await authorizedFetch(source)(server.url)).status).toBe(200);
    expect(asked).toEqual([undefined, undefined]);
  });

  it.each<[string, number, Record<string, string>]>([
    ["401 without a challenge", 401, {}],
    ["401 without an error", 401, { "WWW-Authenticate": 'Bearer realm="x"' }],
    ["401 of another scheme", 401, { "WWW-Authenticate": 'Digest error="invalid_token"' }],
    ["401 with another error", 401, { "WWW-Authenticate": 'Bearer error="invalid_request"' }],
    ["403 that says invalid_token", 403, INVALID_TOKEN],
    ["403 insufficient_scope", 403, { "WWW-Authenticate": 'Bearer error="insufficient_scope"' }],
    ["200 that says invalid_token", 200, INVALID_TOKEN],
    ["500", 500, {}],
  ])("is what is tried again, and nothing else: %s", async (_name, status, headers) => {
    const server = await serve(() => ({ status, headers }));
    expect((await authorizedFetch(numberedTokens())(server.url)).status).toBe(status);
    expect(server.heard).toHaveLength(1);
  });
});

describe("chunked uploads", () => {
  it("send text, bytes and forms in chunks, with their type, and again after a 401", async () => {
    const server = await serve((_heard, count) => (count === 1 ? { status: 401, headers: INVALID_TOKEN } : ok));
    const upload = authorizedFetch(numberedTokens(), { chunkedUploads: true });
    expect((await upload(server.url, { method: "PUT", body: "hello" })).status).toBe(200);
    for (const { lines, body } of server.heard) {
      expect(lines.some((line) => /^content-length/i.test(line))).toBe(false);
      expect(lines).toContain("Content-Type: text/plain;charset=UTF-8");
      expect(body).toBe("5\r\nhello\r\n0\r\n\r\n");
    }
    await upload(server.url, { method: "PUT", body: "hello", headers: { "content-type": "text/x" } });
    expect(server.heard.at(-1)?.lines.filter((line) => /^content-type/i.test(line))).toEqual(["content-type: text/x"]);
    await upload(new Request(server.url, { method: "PUT", body: "hello" }));
    expect(server.heard.at(-1)?.body).toBe("5\r\nhello\r\n0\r\n\r\n");
    await upload(server.url);
    expect(server.heard.at(-1)).toMatchObject({ method: "GET", body: "" });
  });

  it("are not the default: some servers want a length", async () => {
    const server = await serve(() => ok);
    await authorizedFetch(numberedTokens())(server.url, { method: "PUT", body: "hello" });
    expect(server.heard[0]?.lines.some((line) => /^content-length: 5$/i.test(line))).toBe(true);
  });
});

describe("options", () => {
  it.each<[object, RegExp]>([
    [{ audiance: "x" }, /unknown option 'audiance'; did you mean 'audience'\?/],
    [{ audience: "" }, /audience/],
    [{ scope: 7 }, /scope/],
    [{ timeLeft: "60" }, /timeLeft/],
    [{ fetch: "x" }, /fetch/],
    [{ chunkedUploads: 1 }, /chunkedUploads/],
    [{ onRefused: true }, /onRefused/],
  ])("%j are refused at start", (options, message) => {
    expect(() => authorizedFetch(numberedTokens(), options)).toThrow(TypeError);
    expect(() => authorizedFetch(numberedTokens(), options)).toThrow(message);
    expect(() => authorizedFetch(undefined as never)).toThrow(/expected a source/);
  });
});
