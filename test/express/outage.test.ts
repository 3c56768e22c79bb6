// A protected Express application beside a real issuer on loopback that stops, comes back with other keys, and counts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Request, Response } from "express";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { problemDetails, protect } from "@scitokens/express";
import { createSigningKey, createToken, startDevIssuer } from "@scitokens/issuer";
import type { DevIssuer, SigningKey } from "@scitokens/issuer";
import { listen } from "../contract/listen.js";
import type { Served } from "../contract/harness.js";
import { bearer } from "./fixture.js";

const AUDIENCE = "https://data.example.org";
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function startIssuer(key: SigningKey, port = 0): Promise<DevIssuer> {
  const issuer = await startDevIssuer({ port, keys: [key] });
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await issuer.close();
    closed = true;
  };
  open.push(close);
  return { ...issuer, close };
}

function serve(issuer: string, clock: () => number): Promise<Served> {
  const app = express();
  const trust = { issuer: { issuer, allowInsecureIssuer: true }, audience: AUDIENCE, clock };
  app.get("/data", protect({ ...trust, scope: "read:/data" }), (_request: Request, response: Response) => {
    response.send("data");
  });
  app.use(problemDetails());
  return listen(app).then((served) => {
    open.push(() => served.close());
    return served;
  });
}

describe("an issuer that stops and comes back", () => {
  it("does not stop the service; new keys are picked up, and a removed key is gone (I5, I7, I8)", async () => {
    let now = Date.now() / 1000;
    const [first, second] = await Promise.all([createSigningKey(), createSigningKey()]);
    const issuer = await startIssuer(first);
    const { port } = await serve(issuer.issuer, () => now);
    const mint = (key: SigningKey): Promise<string> =>
      createToken({ aud: AUDIENCE, scope: "read:/data" }, { key, issuer: issuer.issuer, lifetime: 86_400 });
    const status = async (raw: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/data`, { headers: bearer(raw) })).status;
    const [old, unseen, fresh] = [await mint(first), await mint(first), await mint(second)];

    expect(await status(old)).toBe(200);
    await issuer.close();
    now += 7 * 3600; // a refresh is due, and fails
    expect(await status(old)).toBe(200);
    expect(await status(unseen)).toBe(200);

    now += 600; // back-off is over
    await startIssuer(second, Number(new URL(issuer.issuer).port));
    expect(await status(fresh)).toBe(200);
    expect(await status(old)).toBe(401);
    expect(await status(unseen)).toBe(401);
  });
});

describe("a crowd at the door", () => {
  it("costs one metadata and one key fetch for 200 concurrent first requests (I6)", async () => {
    const key = await createSigningKey();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const document = request.url === "/jwks" ? { keys: [key.publicJwk] } : { issuer, jwks_uri: `${issuer}/jwks` };
      response.end(JSON.stringify(document));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    open.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { port } = await serve(issuer, () => Date.now() / 1000);
    const requests = Array.from({ length: 200 }, async (_, i) => {
      const raw = await createToken({ aud: AUDIENCE, scope: "read:/data", sub: `user-${i}` }, { key, issuer });
      return (await fetch(`http://127.0.0.1:${port}/data`, { headers: bearer(raw) })).status;
    });
    expect(new Set(await Promise.all(requests))).toEqual(new Set([200]));
    expect(asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });
});
