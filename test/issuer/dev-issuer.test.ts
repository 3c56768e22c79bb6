// The real HTTP issuer on loopback: its documents, its start and its end.
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { createSigningKey } from "@scitokens/issuer";
import type { DevIssuer } from "@scitokens/issuer";
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { JSON_TYPE, send, start } from "./running.js";
import { wrong } from "./wrong.js";

const cacheControl = async ({ issuer }: DevIssuer): Promise<string | null> =>
  (await fetch(`${issuer}/jwks`)).headers.get("cache-control");

describe("documents of a development issuer", () => {
  it.each(["", "/vo1", "/a/b.c"])('serves both metadata forms and the JWKS with the path "%s" (I3)', async (path) => {
    const issuer = await start({ path });
    expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(issuer.issuer).toBe(`${issuer.url}${path}`);
    const documents = await Promise.all(
      [
        `${issuer.issuer}/.well-known/openid-configuration`,
        `${issuer.url}/.well-known/oauth-authorization-server${path}`,
      ].map(async (url) => (await fetch(url)).json()),
    );
    const metadata = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/jwks` };
    expect(documents).toEqual([expect.objectContaining(metadata), expect.objectContaining(metadata)]);
    expect(await (await fetch(`${issuer.issuer}/jwks?x=1`)).json()).toEqual(issuer.jwks);
  });

  it("says how long keys may be kept: an hour, or maxAge (I5)", async () => {
    expect(await cacheControl(await start())).toBe("public, max-age=3600");
    expect(await cacheControl(await start({ maxAge: 7 }))).toBe("public, max-age=7");
  });

  it("answers HEAD without a body, other methods with 405 and Allow, other paths with 404", async () => {
    const { issuer, url } = await start({ path: "/vo1" });
    const head = await send(`${issuer}/jwks`, "HEAD", {});
    expect([head.status, head.body, head.headers["content-type"]]).toEqual([200, "", "application/json"]);
    const posted = await send(`${issuer}/jwks`, "POST", {});
    expect([posted.status, posted.headers.allow]).toEqual([405, "GET, HEAD"]);
    const got = await send(`${issuer}/issue`, "GET", {});
    expect([got.status, got.headers.allow]).toEqual([405, "POST"]);
    for (const path of ["/", "/vo1", "/vo1/", "/jwks", "/issue", "/vo1/jwks/", "/.well-known/openid-configuration"]) {
      // oxlint-disable-next-line no-await-in-loop -- seven small requests
      expect([path, (await send(`${url}${path}`, "GET", {})).status]).toEqual([path, 404]);
    }
  });

  it("signs with keys that are fetched over HTTP, before and after a rotation (I8)", async () => {
    const issuer = await start({ algs: ["EdDSA", "ES256"] });
    const remote = (): ReturnType<typeof createRemoteJWKSet> => createRemoteJWKSet(new URL(`${issuer.issuer}/jwks`));
    const old = await issuer.token({ sub: "ada" }, { lifetime: 5 });
    const { payload, protectedHeader } = await jwtVerify(old, remote(), { issuer: issuer.issuer });
    expect([payload.sub, protectedHeader.alg]).toEqual(["ada", "EdDSA"]);
    await issuer.rotate();
    await expect(jwtVerify(old, remote())).rejects.toThrow(/no applicable key/);
    await expect(jwtVerify(await issuer.token(), remote())).resolves.toBeDefined();
  });

  it("uses given keys, so that tokens outlive a restart", async () => {
    const keys = [await createSigningKey({ kid: "mine" })];
    const first = await start({ keys });
    const token = await first.token();
    await first.close();
    const second = await start({ keys });
    await expect(jwtVerify(token, createLocalJWKSet(second.jwks))).resolves.toBeDefined();
  });
});

describe("a development issuer does not start", () => {
  it.each(["0.0.0.0", "::", "192.168.1.1", "example.org", "", "127.0.0.1.evil.test", "127.1", 1])(
    "on the host %o",
    async (host) => {
      await expect(start({ host: wrong(host) })).rejects.toThrow(/host must be a loopback address .* signs any token/);
      await expect(start({ host: wrong(host) })).rejects.toBeInstanceOf(TypeError);
    },
  );

  it("with NODE_ENV=production", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("NODE_ENV", "production");
    await expect(start()).rejects.toThrow(
      /signs any token for whoever asks: it does not start with NODE_ENV=production/,
    );
  });

  it("on a taken port, and names the ways out", async () => {
    const port = Number(new URL((await start()).url).port);
    const sentence = `port ${port} of 127.0.0.1 is taken: stop the program that has it, give another 'port', or 0 for any free one`;
    await expect(start({ port })).rejects.toMatchObject({ message: sentence, code: "EADDRINUSE" });
  });

  it.each<[object, RegExp]>([
    [{ prot: 1 }, /unknown option 'prot'; did you mean 'port'\?/],
    [{ port: 65_536 }, /port must be a whole number, from 0 to 65535/],
    [{ port: "8080" }, /port must be a whole number/],
    [{ maxAge: -1 }, /maxAge \(seconds\) must be a whole number/],
    [{ path: "vo1" }, /path must be '' or begin with a slash/],
    [{ path: "/vo1/" }, /path must be/],
    [{ path: "/../x" }, /path must be/],
    [{ path: "/a?b" }, /path must be/],
    [{ keys: ["pem"] }, /key must be a SigningKey/],
    [{ keys: [] }, /keys must be a list of at least one/],
    [{ keys: [], algs: ["ES256"] }, /'keys' or 'algs', not both/],
    [{ algs: ["none"] }, /unknown alg 'none'/],
  ])("with the options %o", async (options, message) => {
    await expect(start(options)).rejects.toThrow(message);
    await expect(start(options)).rejects.toBeInstanceOf(TypeError);
  });
});

describe("close", () => {
  it("ends idle keep-alive connections and those that never sent a request, and may be called twice", async () => {
    const issuer = await start();
    await (await fetch(`${issuer.issuer}/jwks`)).text();
    const silent = connect(Number(new URL(issuer.url).port), "127.0.0.1");
    await once(silent, "connect");
    await (await fetch(`${issuer.issuer}/jwks`)).text(); // the server has seen the silent one by now
    const ended = once(silent.resume(), "close");
    await issuer.close();
    await ended;
    await issuer.close();
    await expect(fetch(`${issuer.issuer}/jwks`)).rejects.toThrow("fetch failed");
  });

  it("still answers a request that is under way", async () => {
    const issuer = await start();
    const sent = request(`${issuer.issuer}/issue`, {
      method: "POST",
      headers: { ...JSON_TYPE, expect: "100-continue" },
    });
    const status = new Promise((resolve, reject) => {
      sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
    });
    sent.flushHeaders();
    await once(sent, "continue"); // the server has the request and waits for its body
    const closed = issuer.close();
    sent.end("{}");
    expect(await status).toBe(200);
    await closed;
  });

  it("is what `await using` calls", async () => {
    const issuer = await start();
    await issuer[Symbol.asyncDispose]();
    await expect(fetch(`${issuer.issuer}/jwks`)).rejects.toThrow("fetch failed");
  });
});
