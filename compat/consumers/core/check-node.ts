// @scitokens/core/node where there are files: keys that outlive the process, and the configuration file.
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEnforcer, logEvents } from "@scitokens/core";
import { directoryKeyStore, loadConfig, wlcgSystemKeys } from "@scitokens/core/node";
import { createTestIssuer } from "@scitokens/issuer";
import { sameType } from "./same-type.js";

export async function check(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "scitokens-node-"));
  const audience = "https://data.example.org";
  const issuer = await createTestIssuer();
  try {
    const store = directoryKeyStore(join(folder, "keys"));
    const keys = { store: [wlcgSystemKeys({ root: folder }), store], fetch: issuer.fetch };
    const onEvent = logEvents(silent);
    await createEnforcer({ audience, issuer: issuer.issuer, keys, onEvent }).ready();
    for (let tries = 0; (await store.entries()).length === 0 && tries < 100; tries++) await nextTurn();
    assert.equal((await store.entries()).length, 1);

    issuer.fail("down");
    const raw = await issuer.token({ sub: "alice", aud: audience, scope: "read:/data" });
    const token = await createEnforcer({ audience, issuer: issuer.issuer, keys }).verify(raw);
    assert.equal(token.subject, "alice");

    const file = join(folder, "scitokens.cfg");
    writeFileSync(file, "[scitokens]\ncache_lifetime = 90000\n");
    const config = loadConfig({ file, env: {} });
    sameType<typeof config.keys.usableFor, number | undefined>(true);
    assert.equal(config.keys.usableFor, 90_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
