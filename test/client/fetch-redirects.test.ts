// Where a token does not go: to another origin, over plain http, into a URL. Fetch standard, RFC 6750 5.3.
import { authorizedFetch } from "@scitokens/client";
import { describe, expect, it } from "vitest";
import { numberedTokens, serve } from "./http-servers.js";
import type { Heard, Server } from "./http-servers.js";

const to = (location: string, status = 302) => ({ status, headers: { Location: location } });
const what = ({ heard }: Server): string[] => heard.map(({ method, target, token }) => `${method} ${target} ${token}`);

describe("a redirect", () => {
  it.each([301, 302, 303, 307, 308])("%d within the origin keeps the token", async (status) => {
    const server = await serve(({ target }) => (target === "/a" ? to("b?c", status) : { status: 200, body: "here" }));
    const response = await authorizedFetch(numberedTokens())(`${server.url}/a`);
    expect(await response.text()).toBe("here");
    expect(response.url).toBe(`${server.url}/b?c`);
    expect(what(server)).toEqual(["GET /a Bearer t1", "GET /b?c Bearer t1"]);
  });

  it.each([301, 302, 303, 307, 308])("%d to another origin loses the token, and other credentials", async (status) => {
    const other = await serve(() => ({ status: 200 }));
    const server = await serve(() => to(`${other.url}/b`, status));
    const source = numberedTokens();
    const headers = { Cookie: "c=1", "Proxy-Authorization": "Basic eDp5", "X-Own": "1" };
    await authorizedFetch(source)(`${server.url}/a`, { headers });
    expect(what(other)).toEqual(["GET /b undefined"]);
    expect(other.heard[0]?.lines.filter((line) => /^(cookie|proxy-auth|x-own)/i.test(line))).toEqual(["X-Own: 1"]);
    expect(source.asked).toHaveLength(1);
  });

  it("to another origin and back does not bring the token back", async () => {
    let home = "";
    const other = await serve(() => to(`${home}/c`));
    const server = await serve(({ target }) => (target === "/a" ? to(`${other.url}/b`) : { status: 200 }));
    home = server.url;
    await authorizedFetch(numberedTokens())(`${home}/a`);
    expect(what(server)).toEqual(["GET /a Bearer t1", "GET /c undefined"]);
    expect(what(other)).toEqual(["GET /b undefined"]);
  });

  it("to another origin, and on within it or within the first, does not bring the token back either", async () => {
    let home = "";
    const other = await serve(({ target }) => (target === "/b" ? to("/c") : to(`${home}/d`)));
    const server = await serve(({ target }) => {
      if (target === "/a") return to(`${other.url}/b`);
      return target === "/d" ? to("/e") : { status: 200 };
    });
    home = server.url;
    const source = numberedTokens();
    await authorizedFetch(source)(`${home}/a`);
    expect(what(other)).toEqual(["GET /b undefined", "GET /c undefined"]);
    expect(what(server)).toEqual(["GET /a Bearer t1", "GET /d undefined", "GET /e undefined"]);
    expect(source.asked).toHaveLength(1);
  });

  it("to the same host under another name or port is to another origin", async () => {
    const server = await serve(({ target }) =>
      target === "/a" ? to(`${server.url.replace("127.0.0.1", "localhost")}/b`) : { status: 200 },
    );
    await authorizedFetch(numberedTokens())(`${server.url}/a`);
    expect(what(server)).toEqual(["GET /a Bearer t1", "GET /b undefined"]);
  });

  it.each<[number, string, string, string]>([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [303, "HEAD", "HEAD", ""],
    [301, "PUT", "PUT", "data"],
    [302, "DELETE", "DELETE", "data"],
    [302, "PROPFIND", "PROPFIND", "data"],
    [307, "POST", "POST", "data"],
    [308, "POST", "POST", "data"],
  ])("%d turns %s into %s", async (status, method, next, body) => {
    const server = await serve(({ target }) => (target === "/a" ? to("/b", status) : { status: 200 }));
    const given = method === "HEAD" ? null : "data";
    await authorizedFetch(numberedTokens())(`${server.url}/a`, { method, body: given, headers: { "X-Own": "1" } });
    const second = server.heard[1] as Heard;
    expect([second.method, second.body, second.token]).toEqual([next, body, "Bearer t1"]);
    expect(second.lines.some((line) => /^content-type/i.test(line))).toBe(body !== "");
    expect(second.lines).toContain("X-Own: 1");
  });

  it("of a Request goes on with what the Request says", async () => {
    const server = await serve(({ target }) => (target === "/a" ? to("/b", 307) : { status: 200 }));
    await authorizedFetch(numberedTokens())(
      new Request(`${server.url}/a`, { method: "DELETE", headers: { "X-Own": "1" } }),
    );
    expect(what(server)).toEqual(["DELETE /a Bearer t1", "DELETE /b Bearer t1"]);
    expect(server.heard[1]?.lines).toContain("X-Own: 1");
  });

  it.each<[string, () => RequestInit]>([
    ["a stream", () => ({ method: "PUT", body: new Blob(["data"]).stream(), duplex: "half" })],
  ])("that would need %s again fails, as in fetch", async (_name, init) => {
    const server = await serve(() => to("/b", 307));
    await expect(authorizedFetch(numberedTokens())(`${server.url}/a`, init())).rejects.toThrow(/it was a stream/);
    const request = new Request(`${server.url}/a`, { method: "PUT", body: "data" });
    await expect(authorizedFetch(numberedTokens())(request)).rejects.toThrow(/it was a stream/);
  });

  it("is followed 20 times and not once more", async () => {
    const server = await serve(({ target }) =>
      target === "/0" ? { status: 200 } : to(`/${Number(target.slice(1)) - 1}`),
    );
    const send = authorizedFetch(numberedTokens());
    expect((await send(`${server.url}/20`)).status).toBe(200);
    await expect(send(`${server.url}/21`)).rejects.toThrow("authorized fetch: more than 20 redirects");
  });

  it("is followed though the connection broke in the middle of its body", async () => {
    const broken = new ReadableStream({ start: (body) => body.error(new Error("connection reset")) });
    const answers = [new Response(broken, { status: 302, headers: { Location: "/b" } }), new Response("ok")];
    const send = authorizedFetch(numberedTokens(), { fetch: async () => answers.shift() ?? Response.error() });
    expect(await (await send("https://data.example/a")).text()).toBe("ok");
  });

  it("keeps the fragment unless it has its own", async () => {
    const server = await serve(({ target }) => (target === "/a" ? to("/b") : { status: 200 }));
    expect((await authorizedFetch(numberedTokens())(`${server.url}/a#part`)).status).toBe(200);
    expect(server.heard.map(({ target }) => target)).toEqual(["/a", "/b"]);
  });

  it("without a place to go is the answer; so is 304, and every one with redirect: 'manual'", async () => {
    const send = authorizedFetch(numberedTokens());
    for (const [status, headers] of [
      [302, {}] as const,
      [304, { Location: "/b" }] as const,
      [300, { Location: "/b" }] as const,
    ]) {
      const server = await serve(() => ({ status, headers }));
      expect((await send(server.url)).status).toBe(status);
    }
    const server = await serve(() => to("/b"));
    expect((await send(server.url, { redirect: "manual" })).status).toBe(302);
    expect((await send(new Request(server.url, { redirect: "manual" }))).status).toBe(302);
    await expect(send(server.url, { redirect: "error" })).rejects.toThrow(TypeError);
    expect(server.heard).toHaveLength(3);
  });

  it.each(["http://u:p@127.0.0.1:1/", "data:text/plain,x", "file:///etc/passwd", "http://[", "javascript:1"])(
    "to %s fails",
    async (location) => {
      const server = await serve(() => to(location));
      await expect(authorizedFetch(numberedTokens())(server.url)).rejects.toThrow(/^authorized fetch: /);
    },
  );

  it("asks for the token of the new URL, where the scope depends on it", async () => {
    const server = await serve(({ target }) => (target === "/a" ? to("/b") : { status: 200 }));
    const source = numberedTokens();
    await authorizedFetch(source, { scope: ({ pathname }) => `read:${pathname}` })(`${server.url}/a`);
    expect(source.asked.map(({ scope }) => scope)).toEqual(["read:/a", "read:/b"]);
  });

  it("does not buy more than one fresh token", async () => {
    const server = await serve(({ target, token }, count) => {
      if (token === `Bearer t${Math.ceil(count / 2)}` && count % 2 === 1) {
        return { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } };
      }
      return to(`${target}x`);
    });
    const source = numberedTokens();
    expect((await authorizedFetch(source)(`${server.url}/`)).status).toBe(401);
    expect(source.asked.filter(({ fresh }) => fresh).length).toBe(1);
  });
});

describe("a URL", () => {
  const sent: string[] = [];
  const recording: typeof fetch = async (input) => {
    sent.push(input instanceof Request ? input.url : String(input));
    return new Response("ok");
  };
  const send = authorizedFetch(numberedTokens(), { fetch: recording });

  it.each([
    "https://data.example/",
    "http://localhost:8080/",
    "http://127.0.0.1/",
    "http://127.255.0.9:1/",
    "http://127.1/",
    "http://0x7f.1/",
    "http://[::1]:8080/",
    "http://LOCALHOST/",
  ])("like %s may have the token", async (url) => {
    expect((await send(url)).status).toBe(200);
    expect((await send(new URL(url))).status).toBe(200);
    expect((await send(new Request(url))).status).toBe(200);
  });

  it.each([
    "http://data.example/",
    "http://localhost.example/",
    "http://127.0.0.1.example/",
    "http://1270.0.0.1.example/",
    "http://x127.0.0.1.nip.example/",
    "http://128.0.0.1/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://[::2]/",
    "http://[::ffff:127.0.0.1]/",
    "http://app.localhost/",
  ])("like %s may not: http goes to this machine only", async (url) => {
    sent.length = 0;
    const source = numberedTokens();
    const refused = authorizedFetch(source, { fetch: recording })(url);
    await expect(refused).rejects.toThrow(/a token is sent over https only, or to this machine; not to http:/);
    expect([sent, source.asked]).toEqual([[], []]);
  });

  it.each(["https://u:p@data.example/", "https://u@data.example/", "http://:p@localhost/"])(
    "with credentials is refused, and does not show them: %s",
    async (url) => {
      const error: unknown = await send(url).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(/credentials in a URL \(of https?:\/\/(data\.example|localhost)\) are not sent/);
    },
  );

  it.each(["/relative", "", "data:text/plain,x", "ftp://data.example/", "file:///x"])(
    "like %j is none",
    async (url) => {
      await expect(send(url)).rejects.toThrow(/^authorized fetch: expected an/);
    },
  );
});
