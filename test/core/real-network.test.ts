// The network as it is: real servers on loopback, the runtime's own fetch, TLS. Rules I2, I4, I5, I9.
import { createEnforcer } from "@scitokens/core";
import type { Enforcer, EnforcerOptions, KeyOptions } from "@scitokens/core";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { collectGarbage } from "../support/garbage.js";
import { AUDIENCE, failureOf, goodToken, verdict } from "../support/scripted-issuer.js";
import { testKey } from "../support/sign.js";

const key = testKey("ES256", "k1");
const JSON_TYPE = { "content-type": "application/json" };
const KEYS = JSON.stringify({ keys: [key.jwk] });

interface RealIssuer {
  readonly issuer: string;
  readonly requests: { readonly url: string; readonly headers: NodeJS.Dict<string | string[]> }[];
  /** Answers for the key set; a test sets it. */
  keys: (response: ServerResponse) => void;
}

const sends =
  (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, status = 200) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

/** An issuer on loopback that is gone when the test ends. */
async function start(scheme: "http" | "https", serve: (listener: RequestListener) => Server): Promise<RealIssuer> {
  const server = serve((incoming, response) => {
    const url = incoming.url ?? "";
    real.requests.push({ url, headers: incoming.headers });
    if (url === "/.well-known/openid-configuration") {
      sends(JSON.stringify({ issuer: real.issuer, jwks_uri: `${real.issuer}/keys` }))(response);
    } else if (url === "/keys") real.keys(response);
    else sends("", {}, 404)(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const real: RealIssuer = { issuer: `${scheme}://localhost:${port}`, requests: [], keys: sends(KEYS) };
  return real;
}

function enforcerOf({ issuer }: RealIssuer, keys: KeyOptions = {}, more: Partial<EnforcerOptions> = {}): Enforcer {
  const allowInsecureIssuer = issuer.startsWith("http:");
  const enforcer = createEnforcer({ issuer: { issuer, allowInsecureIssuer }, audience: AUDIENCE, keys, ...more });
  onTestFinished(() => enforcer.close());
  return enforcer;
}

const tokenFor = ({ issuer }: RealIssuer): string => goodToken(key, Math.floor(Date.now() / 1000), { iss: issuer });
const verdictOf = (real: RealIssuer, keys?: KeyOptions): Promise<string> =>
  verdict(enforcerOf(real, keys), tokenFor(real));

async function reasonOf(real: RealIssuer, keys?: KeyOptions): Promise<string> {
  const error = await failureOf(enforcerOf(real, keys).verify(tokenFor(real)));
  expect(error).toMatchObject({ name: "IssuerUnavailableError", status: 503 });
  return (error.cause as Error).message;
}

/** How long something took, in milliseconds. */
async function timed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const startedAt = performance.now();
  return [await work, performance.now() - startedAt];
}

let issuer: RealIssuer;

/** Seconds: long enough to get as far as the key set on a machine that is busy. */
const SHORT = 1;

describe("over http on loopback", () => {
  beforeEach(async () => {
    issuer = await start("http", createServer);
  });

  it("keys are fetched and verify (I4)", async () => {
    expect(await verdictOf(issuer)).toBe("good");
    expect(issuer.requests.map(({ url }) => url)).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  it("the request says accept and user-agent, no cookie, no authorization, no referrer (I4)", async () => {
    await verdictOf(issuer);
    for (const { headers } of issuer.requests) {
      expect(headers).toMatchObject({ accept: "application/json", "user-agent": "scitokens-typescript" });
      for (const name of ["cookie", "authorization", "referer", "origin"]) expect(headers).not.toHaveProperty(name);
    }
  });

  it("an answer that is compressed is read (I4)", async () => {
    issuer.keys = sends(gzipSync(KEYS), { ...JSON_TYPE, "content-encoding": "gzip" });
    expect(await verdictOf(issuer)).toBe("good");
  });

  it("the limit counts what was decompressed: 1 MiB to the byte (I4)", async () => {
    const compressed = (size: number): Buffer => gzipSync(KEYS.padEnd(size));
    issuer.keys = sends(compressed(1_048_576), { ...JSON_TYPE, "content-encoding": "gzip" });
    expect(await verdictOf(issuer)).toBe("good");
    issuer.keys = sends(compressed(1_048_577), { ...JSON_TYPE, "content-encoding": "gzip" });
    expect(await reasonOf(issuer)).toContain("expected at most 1048576 bytes");
  });

  it("a gzip bomb of 1 GiB ends at 1 MiB, soon, and without its memory (I4)", async () => {
    const sixteenMiB = gzipSync(Buffer.alloc(16 * 1_048_576, " "));
    const bomb = Buffer.concat([gzipSync(KEYS), ...Array.from({ length: 64 }, () => sixteenMiB)]);
    issuer.keys = sends(bomb, { ...JSON_TYPE, "content-encoding": "gzip" });
    await collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const [reason, took] = await timed(reasonOf(issuer));
    expect(reason).toContain("expected at most 1048576 bytes");
    expect(took).toBeLessThan(2000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1_048_576);
  });

  it("a body that drips is cut at the deadline, and its connection with it (I4)", async () => {
    const gone = new Promise<string>((resolve) => {
      issuer.keys = (response) => {
        response.writeHead(200, JSON_TYPE);
        const drip = setInterval(() => response.write(" "), 10);
        response.on("close", () => {
          clearInterval(drip);
          resolve("gone");
        });
      };
    });
    const [reason, took] = await timed(reasonOf(issuer, { timeout: SHORT }));
    expect(reason).toContain("no answer");
    expect(took).toBeGreaterThan(SHORT * 1000 - 50);
    expect(took).toBeLessThan(SHORT * 1000 + 2000);
    expect(await gone).toBe("gone");
  });

  it.each([
    ["accepts and says nothing", (): void => {}],
    ["says its headers and nothing more", (response: ServerResponse): void => response.writeHead(200).flushHeaders()],
  ])("a server that %s is left at the deadline, garbage collected or not (I4)", async (_, keys) => {
    const asked = new Promise<string>((resolve) => {
      issuer.keys = (response) => {
        keys(response);
        resolve("asked");
      };
    });
    const waiting = timed(reasonOf(issuer, { timeout: SHORT }));
    expect(await Promise.race([asked, waiting])).toBe("asked");
    await collectGarbage();
    const [reason, took] = await waiting;
    expect(reason).toContain("no answer");
    expect(took).toBeLessThan(SHORT * 1000 + 2000);
  });

  it.each([301, 302, 303, 307, 308])("a %i is not followed (I2)", async (status) => {
    issuer.keys = sends("", { location: `${issuer.issuer}/elsewhere` }, status);
    expect(await reasonOf(issuer)).toContain("a redirect, which is not followed");
    expect(issuer.requests.map(({ url }) => url)).not.toContain("/elsewhere");
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ["a 500", sends(KEYS, JSON_TYPE, 500), "expected status 200, got 500"],
    ["a 404", sends("", {}, 404), "expected status 200, got 404"],
    ["a 204", sends("", {}, 204), "expected status 200, got 204"],
    ["HTML", sends("<!doctype html><p>Sign in", { "content-type": "text/html" }), "expected JSON"],
    ["an empty body", sends(""), "expected JSON"],
    [
      "half a body",
      (response) => void response.writeHead(200, { "content-length": "999" }).write(KEYS, () => response.destroy()),
      "",
    ],
    ["a connection that is cut", (response) => void response.destroy(), ""],
    ["gzip that is none", sends(KEYS, { "content-encoding": "gzip" }), ""],
  ])("%s makes the issuer unavailable, soon, and says why (I9)", async (_, keys, words) => {
    issuer.keys = keys;
    const [reason, took] = await timed(reasonOf(issuer));
    expect(reason).toContain(`${issuer.issuer}/keys: ${words}`);
    expect(took).toBeLessThan(2000);
  });

  it("nobody listening makes the issuer unavailable, and says so (I9)", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await reasonOf({ ...issuer, issuer: `http://127.0.0.1:${port}` })).toContain("ECONNREFUSED");
  });

  const tenThousand = JSON.stringify({
    keys: Array.from({ length: 10_000 }, (_, i) => ({ ...key.jwk, kid: `k${i}` })),
  });

  it("a set of 10,000 keys is over the limit, and is refused soon (I4)", async () => {
    issuer.keys = sends(tenThousand);
    const [reason, took] = await timed(reasonOf(issuer));
    expect(reason).toContain("expected at most 1048576 bytes");
    expect(took).toBeLessThan(2000);
  });

  it("a set of 10,000 keys within a raised limit serves its first 100, soon (I4, I10)", async () => {
    issuer.keys = sends(tenThousand);
    const enforcer = enforcerOf(issuer, { maxBytes: 16_777_216 });
    const [outcome, took] = await timed(verdict(enforcer, tokenFor(issuer)));
    expect([outcome, enforcer.status()[0]?.keyIds.length]).toEqual(["good", 100]);
    expect(took).toBeLessThan(2000);
  });

  it("an issuer that hangs delays no request while its keys are usable (I5)", async () => {
    let now = Date.now() / 1000;
    const enforcer = enforcerOf(issuer, {}, { clock: () => now });
    const raw = tokenFor(issuer);
    expect(await verdict(enforcer, raw)).toBe("good");
    issuer.keys = () => {};
    now += 86_400;
    const [outcome, took] = await timed(verdict(enforcer, raw));
    expect(outcome).toBe("good");
    expect(took).toBeLessThan(1000);
  });

  it("keys may be at another server than their issuer (I3)", async () => {
    const { issuer: name } = issuer;
    const elsewhere = await start("http", createServer);
    const given = { issuer: name, jwksUri: `${elsewhere.issuer}/keys`, allowInsecureIssuer: true };
    expect(await verdict(enforcerOf(issuer, {}, { issuer: given }), tokenFor(issuer))).toBe("good");
    expect([issuer.requests.length, elsewhere.requests.length]).toEqual([0, 1]);
  });
});

const tls = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), "utf8");

/** What a site with a CA of its own injects; node:https, since Node's fetch takes a CA only through NODE_EXTRA_CA_CERTS. */
function fetchTrusting(ca: string): typeof globalThis.fetch {
  return async (url, init) => {
    const sent = request(url instanceof Request ? url.url : url, {
      ca,
      headers: Object.fromEntries(new Headers(init?.headers)),
      signal: init?.signal ?? undefined,
    });
    sent.end();
    const [incoming] = (await once(sent, "response")) as [
      Readable & { statusCode: number; headers: Record<string, string> },
    ];
    const { statusCode: status, headers } = incoming;
    return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers });
  };
}

describe("over TLS on loopback", () => {
  const certificate = tls("certificate.pem");

  beforeEach(async () => {
    issuer = await start("https", (listener) => createTlsServer({ cert: certificate, key: tls("key.pem") }, listener));
  });

  it("a certificate that nobody vouches for is refused, and the reason names TLS (I2)", async () => {
    expect(await reasonOf(issuer)).toMatch(/SELF_SIGNED_CERT|self.signed certificate/);
    expect(issuer.requests).toEqual([]);
  });

  it("allowInsecureIssuer does not make it accepted: it is for http (I2)", async () => {
    const given = { issuer: issuer.issuer, allowInsecureIssuer: true };
    expect(await verdict(enforcerOf(issuer, {}, { issuer: given }), tokenFor(issuer))).toBe("issuer_unavailable");
    expect(issuer.requests).toEqual([]);
  });

  it("a private CA is accepted through keys.fetch (I4)", async () => {
    expect(await verdictOf(issuer, { fetch: fetchTrusting(certificate) })).toBe("good");
    expect(issuer.requests.map(({ headers }) => headers["user-agent"])).toEqual(
      Array.from({ length: 2 }, () => "scitokens-typescript"),
    );
  });

  it("the deadline cuts the connection of an injected fetch, too (I4)", async () => {
    const gone = new Promise<string>((resolve) => {
      issuer.keys = (response) => {
        response.writeHead(200, JSON_TYPE).flushHeaders();
        response.on("close", () => resolve("gone"));
      };
    });
    expect(await reasonOf(issuer, { fetch: fetchTrusting(certificate), timeout: SHORT })).toContain("no answer");
    expect(await gone).toBe("gone");
  });
});
