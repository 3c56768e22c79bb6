// The OAuth issuer as a server: its documents, who may talk to it, https, its start, its silence and its end.
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { inspect } from "node:util";
import { createSigningKey } from "@scitokens/issuer";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { resolveImport, root, sources } from "../structure/sources.js";
import {
  byClient,
  byDevice,
  createBrowser,
  post,
  read,
  refresh,
  SERVICE,
  startOAuth,
  verified,
} from "./oauth-running.js";
import { send } from "./running.js";
import { wrong } from "./wrong.js";

const certificate = readFileSync(`${root}test/fixtures/tls/certificate.pem`, "utf8");
const tls = { key: readFileSync(`${root}test/fixtures/tls/key.pem`, "utf8"), cert: certificate };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("documents of an OAuth issuer", () => {
  it.each(["", "/vo1", "/a/b.c"])('are at both well-known addresses with the path "%s" (I3)', async (path) => {
    const issuer = await startOAuth({ path });
    const urls = [
      `${issuer.issuer}/.well-known/openid-configuration`,
      `${issuer.url}/.well-known/oauth-authorization-server${path}`,
    ];
    const [one, other] = await Promise.all(urls.map(async (url) => read(await fetch(url))));
    expect(one?.body).toEqual(other?.body);
    expect(one?.headers.get("cache-control")).toBe("public, max-age=3600");
    expect(one?.body).toMatchObject({ issuer: issuer.issuer, code_challenge_methods_supported: ["S256"] });
    expect(await (await fetch(String(one?.body["jwks_uri"]))).json()).toEqual(issuer.jwks);
    const endpoints = Object.entries(one?.body ?? {}).filter(([name]) => name.endsWith("_endpoint"));
    expect(endpoints.length).toBe(7);
    for (const [name, url] of endpoints) {
      expect([name, String(url).startsWith(`${issuer.issuer}/`)]).toEqual([name, true]);
      const { status } = await fetch(String(url), {
        method: ["authorization_endpoint", "userinfo_endpoint"].includes(name) ? "GET" : "POST",
      });
      expect([name, status]).toEqual([
        name,
        expect.toSatisfy((number) => number === 400 || number === 401 || number === 303),
      ]);
    }
  });

  it("are all there is: other addresses answer 404, other methods 405", async () => {
    const { issuer, url } = await startOAuth({ path: "/vo1" });
    for (const path of [
      "/",
      "/vo1",
      "/vo1/",
      "/token",
      "/vo1/tokens",
      "/vo1/session/end",
      "/vo1/request",
      "/.well-known/openid-configuration",
    ])
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 404]);
    expect((await fetch(`${issuer}/token`)).status).toBe(404);
    for (const path of ["token/", "TOKEN", "token/x", "device_authorization/", "register/", "introspect/", "revoke/x"])
      expect([path, (await send(`${issuer}/${path}`, "POST", FORM, "client_id=demo")).status]).toEqual([path, 404]);
    for (const path of ["authorize/", "Authorize", "userinfo/"])
      expect([path, (await fetch(`${issuer}/${path}`)).status]).toEqual([path, 404]);
    for (const path of ["jwks", "device", "consent/x"])
      expect([path, (await fetch(`${issuer}/${path}`, { method: "DELETE" })).status]).toEqual([path, 405]);
  });

  it("beside POST /issue, for tests that want any token at all", async () => {
    const issuer = await startOAuth({ path: "/vo1" });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ claims: { scope: "read:/x" } });
    const reply = await read(await fetch(`${issuer.issuer}/issue`, { method: "POST", headers, body }));
    expect((await verified(issuer, reply, "https://service.test")).scopes).toEqual(["read:/x"]);
  });
});

describe("an OAuth issuer talks to nobody", () => {
  const good = "grant_type=client_credentials&client_id=demo-service&client_secret=demo-secret";

  it.each(["evil.example", "127.0.0.1.evil.example"])("that calls it %o", async (host) => {
    const issuer = await startOAuth();
    for (const path of ["/token", "/device", "/authorize", "/issue", "/jwks"])
      expect([path, (await send(issuer.issuer + path, "GET", { host })).status]).toEqual([path, 421]);
  });

  it.each([{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }])(
    "on a page of another origin: %o",
    async (headers) => {
      const issuer = await startOAuth();
      for (const path of ["/token", "/device", "/register", "/issue", "/device_authorization", "/consent/x"]) {
        const reply = await send(issuer.issuer + path, "POST", { ...FORM, ...headers }, good);
        expect([path, reply.status, reply.headers["access-control-allow-origin"]]).toEqual([path, 403, undefined]);
      }
      const preflight = await send(`${issuer.issuer}/token`, "OPTIONS", headers);
      expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    },
  );

  it("but to programs, and to its own pages", async () => {
    const issuer = await startOAuth();
    const own = { ...FORM, origin: issuer.url, "sec-fetch-site": "same-origin" };
    for (const headers of [FORM, own])
      expect((await send(`${issuer.issuer}/token`, "POST", headers, good)).status).toBe(200);
  });

  it("about more than 64 KiB, or in a form it does not know", async () => {
    const issuer = await startOAuth();
    expect((await send(`${issuer.issuer}/token`, "POST", FORM, `${good}&x=${"y".repeat(70_000)}`)).status).toBe(413);
    const json = { "content-type": "application/json" };
    expect((await send(`${issuer.issuer}/token`, "POST", json, "{}")).status).toBe(400);
    expect((await send(`${issuer.issuer}/register`, "POST", json, "{")).status).toBe(400);
    expect((await send(`${issuer.issuer}/register`, "POST", json, "[]")).status).toBe(400);
  });

  it("from inside a frame, and with no script on any page", async () => {
    const issuer = await startOAuth({ approve: "ask" });
    for (const url of [`${issuer.issuer}/device`, `${issuer.issuer}/consent/x`]) {
      const { headers } = await fetch(url);
      expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    }
    const page = await (
      await fetch(`${issuer.issuer}/device?user_code=${encodeURIComponent('"><script>x()</script>')}`)
    ).text();
    expect(page).not.toContain("<script");
  });
});

it("speaks https with a certificate", async () => {
  const issuer = await startOAuth({ tls, host: "localhost", path: "/vo1" });
  expect(issuer.issuer).toMatch(/^https:\/\/localhost:\d+\/vo1$/);
  const reply = await new Promise<string>((resolve, reject) => {
    const sent = request(
      `${issuer.issuer}/token`,
      { method: "POST", headers: { ...FORM, origin: issuer.url }, ca: certificate },
      (response) => {
        response.toArray().then((chunks) => resolve(chunks.join("")), reject);
      },
    );
    sent.on("error", reject);
    sent.end("grant_type=client_credentials&client_id=demo-service&client_secret=demo-secret&scope=read:/");
  });
  expect(JSON.parse(reply)).toMatchObject({ scope: "read:/" });
});

describe("an OAuth issuer does not start", () => {
  it.each<[object, RegExp]>([
    [{ client: [] }, /unknown option 'client'; did you mean 'clients'\?/],
    [{ clients: [{ id: "x" }] }, /unknown option 'id'/],
    [{ clients: [{ clientId: "x" }, { clientId: "x" }] }, /different clientIds/],
    [{ clients: [{ clientId: "x", scope: "read" }] }, /scope: 'read' needs a path, such as read:\//],
    [{ clients: [{ clientId: "x", grantTypes: ["token_exchange"] }] }, /needs a clientSecret/],
    [{ clients: [{ clientId: "x", grantTypes: ["device"] }] }, /did you mean 'device_code'\?/],
    [{ clients: {} }, /clients must be a list/],
    [{ users: [] }, /at least one user/],
    [{ users: [{ sub: "a" }, { sub: "a" }] }, /different subs/],
    [{ users: [{ sub: "a", groups: ["cms"] }] }, /groups must be names such as '\/cms\/uscms', unlike 'cms'/],
    [{ users: [{ sub: "a", group: [] }] }, /did you mean 'groups'\?/],
    [{ profile: "scitokens-1" }, /did you mean 'scitokens-2'\?/],
    [{ approve: "all" }, /approve/],
    [{ lifetimes: { accessToken: 0 } }, /accessToken \(seconds\) must be a whole number/],
    [{ lifetimes: { access: 5 } }, /did you mean 'accessToken'\?/],
    [{ capabilitySets: { x: "read:/" } }, /such as '\/production'/],
    [{ audience: 5 }, /audience must be a string or a list of strings/],
    [{ tls: { key: "x", cert: "y" } }, /tls must be \{ key, cert \} in PEM/],
    [{ tls: { key: tls.key, cert: 5 } }, /tls must be \{ key, cert \} in PEM/],
    [{ host: "0.0.0.0" }, /host must be a loopback address/],
    [{ path: "vo1" }, /path must be/],
  ])("with %o", async (options, sentence) => {
    const failure = startOAuth(wrong(options));
    await expect(failure).rejects.toThrow(sentence);
    await expect(failure).rejects.toBeInstanceOf(TypeError);
  });

  it("with NODE_ENV=production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(startOAuth()).rejects.toThrow(/does not start with NODE_ENV=production/);
  });

  it("on a port that is taken", async () => {
    const { url } = await startOAuth();
    await expect(startOAuth({ port: Number(new URL(url).port) })).rejects.toThrow(/is taken/);
  });
});

it("uses given keys, so that tokens outlive a restart", async () => {
  const keys = [await createSigningKey({ kid: "mine", alg: "ES384" })];
  const issuer = await startOAuth({ keys });
  expect(issuer.jwks.keys.map(({ kid }) => kid)).toEqual(["mine"]);
  const { body } = await byDevice(issuer, { scope: "openid read:/" });
  for (const token of [body["access_token"], body["id_token"]])
    expect(JSON.parse(Buffer.from(String(token).split(".")[0] ?? "", "base64url").toString())).toMatchObject({
      alg: "ES384",
      kid: "mine",
    });
});

it("lives as long as its options say", async () => {
  const lifetimes = { accessToken: 77, deviceCode: 88, refreshToken: 99 };
  const issuer = await startOAuth({ lifetimes });
  expect((await byClient(issuer)).body["expires_in"]).toBe(77);
  const device = await post(`${issuer.issuer}/device_authorization`, { client_id: "demo" });
  expect(device.body).toMatchObject({ expires_in: 88, interval: 1 });
  const { body } = await byDevice(issuer, { scope: "offline_access read:/" });
  const { exp, iat } = (await post(`${issuer.issuer}/introspect`, { token: String(body["refresh_token"]) }, SERVICE))
    .body;
  expect(Number(exp) - Number(iat)).toBe(99);
});

it("prints nothing, whatever is asked of it", async () => {
  const said: unknown[] = [];
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...words) => void said.push(words)),
  );
  onTestFinished(() => spies.forEach((spy) => spy.mockRestore()));
  const issuer = await startOAuthIssuer({ approve: "everyone" });
  const first = await byDevice(issuer, { scope: "openid offline_access read:/" });
  await refresh(issuer, first, { scope: "read:/ab/../x" });
  await refresh(issuer, first);
  await byClient(issuer);
  await fetch(`${issuer.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${String(first.body["access_token"])}` },
  });
  for (const path of ["introspect", "revoke"]) await post(`${issuer.issuer}/${path}`, { token: "x" }, SERVICE);
  await post(`${issuer.issuer}/token`, { grant_type: "nonsense" }, SERVICE);
  await createBrowser(issuer.url).get(`${issuer.issuer}/authorize?client_id=nobody`);
  const metadata = { redirect_uris: ["http://127.0.0.1/x"], scope: "read:/" };
  const headers = { "content-type": "application/json" };
  await fetch(`${issuer.issuer}/register`, { method: "POST", headers, body: JSON.stringify(metadata) });
  await issuer.rotate();
  await issuer.close();
  expect(said).toEqual([]);
});

describe("oidc-provider", () => {
  const files = new Map(sources("packages/issuer/src").map((source) => [source.path, source]));

  it("is not loaded by the main entry of the package", () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const specifier of files.get(path)?.imports ?? []) {
        const target = resolveImport(path, specifier);
        if (target !== undefined) visit(target);
      }
    };
    visit("packages/issuer/src/index.ts");
    expect(reached.size).toBeGreaterThan(20);
    expect([...reached].filter((path) => path.includes("/oauth/"))).toEqual([]);
  });

  it("comes in by one door, and by its main entry", () => {
    const loading = /^import (?!type)[^;]*"oidc-provider|(?<!typeof )import\("oidc-provider/m;
    const inside = [...files.values()]
      .flatMap(({ imports }) => imports)
      .filter((name) => /^oidc-provider\/./.test(name));
    expect(inside).toEqual([]);
    const doors = [...files.values()].filter(({ text }) => loading.test(text)).map(({ path }) => path);
    expect(doors).toEqual(["packages/issuer/src/oauth/provider/load.ts"]);
  });
});

it("shows no secret in what it throws, answers or is", async () => {
  const secret = "correct-horse-battery-staple";
  const clients = [{ clientId: "x", clientSecret: secret }];
  const issuer = await startOAuth({ clients });
  const token = (await post(`${issuer.issuer}/token`, { grant_type: "client_credentials" }, `x:${secret}`)).body[
    "access_token"
  ];
  const replies = [
    await post(`${issuer.issuer}/token`, { grant_type: "nonsense" }, `x:${secret}`),
    await post(`${issuer.issuer}/token`, { grant_type: "client_credentials", scope: "admin:/" }, `x:${secret}`),
    await post(`${issuer.issuer}/token`, { grant_type: "refresh_token", refresh_token: secret }, `x:${secret}`),
    await post(`${issuer.issuer}/revoke`, { token: String(token) }, `x:${secret}x`),
  ];
  const { privateKey } = await createSigningKey();
  const pem = String(privateKey.export({ type: "pkcs8", format: "pem" })).replaceAll("\n", "");
  const failure = await startOAuth({ tls: { key: pem, cert: certificate } }).catch((error: unknown) => error);
  const shown = inspect([replies, issuer, failure], { depth: 9 });
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(String(token));
  expect(shown).not.toContain(pem.slice(40, 80));
});
