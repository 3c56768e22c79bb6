// The client: finds a token, gets one by OAuth, and sends it to a server that judges it.
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorizedFetch, cached, clientCredentials, discoverToken, writeTokenFile } from "@scitokens/client";
import type { TokenSource } from "@scitokens/client";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
import type { OAuthIssuer } from "@scitokens/issuer/oauth";
import { report } from "./check-answers.js";
import { sameType } from "./same-type.js";

const audience = "https://data.example.org";

async function checkDiscovery(raw: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-client-"));
  try {
    const file = join(folder, "token");
    await writeTokenFile(file, raw);
    const found = await discoverToken({ env: { BEARER_TOKEN_FILE: file } });
    assert.equal(found?.value, raw);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A server that answers with the header it was sent. (How its name is spelt on the wire is Node's own: Deno has it small.) */
async function checkFetch(source: TokenSource, raw: string): Promise<void> {
  const server = createServer((request, response) => {
    response.end(request.headers.authorization);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const send = authorizedFetch(source, { audience });
    const { port } = server.address() as AddressInfo;
    const answer = await send(`http://127.0.0.1:${port}/`);
    assert.equal(await answer.text(), `Bearer ${raw}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function checkClient(): Promise<void> {
  const issuer = await startOAuthIssuer();
  sameType<typeof issuer, OAuthIssuer>(true);
  const source = cached(
    clientCredentials({
      issuer: issuer.issuer,
      allowInsecureIssuer: true,
      clientId: "demo-service",
      clientSecret: "demo-secret",
      scope: "read:/data",
    }),
  );
  sameType<typeof source, TokenSource>(true);
  try {
    const { value } = await source.token({ audience });
    await checkDiscovery(value);
    await checkFetch(source, value);
  } finally {
    await issuer.close();
  }
}

report(checkClient());
