// A service that is started while its issuer is down, with keys on disk: it answers, and at once. Rules I5, I13.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import express from "express";
import type { Request, Response } from "express";
import { directoryKeyStore, storedJwks } from "@scitokens/core/node";
import { protect } from "@scitokens/express";
import { createSigningKey, createToken, startDevIssuer } from "@scitokens/issuer";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { listen } from "../contract/listen.js";
import { tempFolder } from "../support/temp-folder.js";

const AUDIENCE = "https://data.example.org";

async function serve(issuer: string, folder: string): Promise<(token: string) => Promise<number>> {
  const app = express();
  const trust = { issuer: { issuer, allowInsecureIssuer: true }, audience: AUDIENCE };
  const guard = protect({ ...trust, scope: "read:/data", keys: { store: directoryKeyStore(folder) } });
  app.get("/data", guard, (_request: Request, response: Response) => void response.send("data"));
  const served = await listen(app);
  onTestFinished(() => served.close());
  return async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://127.0.0.1:${served.port}/data`, { headers })).status;
  };
}

describe("a service that starts while the issuer is down", () => {
  it("answers with the keys that an earlier one kept on disk (I13)", async () => {
    const folder = join(tempFolder(), "keys");
    const issuer = await startDevIssuer();
    const token = await issuer.token({ aud: AUDIENCE, scope: "read:/data" });
    const before = await serve(issuer.issuer, folder);
    expect(await before(token)).toBe(200);
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]));
    await issuer.close();

    const after = await serve(issuer.issuer, folder);
    const started = performance.now();
    expect(await after(token)).toBe(200);
    const milliseconds = performance.now() - started;
    if (process.env["SCITOKENS_SHOW"] !== undefined) process.stdout.write(`first answer after ${milliseconds} ms\n`);
    expect(milliseconds).toBeLessThan(1000);
    const empty = await serve(issuer.issuer, join(folder, "empty"));
    expect(await empty(token)).toBe(503);
  });

  it("answers at once where the issuer takes connections and says nothing, and the keys are days old (I13, I5)", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(async () => {
      silent.closeAllConnections();
      silent.close();
      await once(silent, "close");
    });
    const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const key = await createSigningKey();
    const folder = join(tempFolder(), "keys");
    const fetchedAt = Date.now() / 1000 - 172_000;
    const stored = storedJwks({ issuer, jwks: { keys: [key.publicJwk] }, fetchedAt });
    await directoryKeyStore(folder).set(stored.key, stored.value);
    const status = await serve(issuer, folder);
    const token = await createToken({ aud: AUDIENCE, scope: "read:/data" }, { key, issuer });
    const started = performance.now();
    expect(await status(token)).toBe(200);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
