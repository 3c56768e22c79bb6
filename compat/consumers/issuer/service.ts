// The issuer alone: a key, tokens of several profiles, and the development issuer's own pages.
import { strict as assert } from "node:assert";
import { createSigningKey, createToken, startDevIssuer } from "@scitokens/issuer";
import type { SigningKey } from "@scitokens/issuer";
import { report } from "./check-answers.js";
import { sameType } from "./same-type.js";

async function checkIssuer(): Promise<void> {
  const key = await createSigningKey();
  sameType<typeof key, SigningKey>(true);
  for (const profile of ["scitokens-2", "scitokens-1", "wlcg"] as const) {
    const claims = { sub: "alice", aud: "https://data.example.org", scope: "read:/" };
    const raw = await createToken(claims, { key, issuer: "https://issuer.example", profile });
    assert.equal(raw.split(".").length, 3);
  }
  const dev = await startDevIssuer();
  try {
    const metadata = await (await fetch(`${dev.issuer}/.well-known/openid-configuration`)).json();
    assert.equal((metadata as { issuer: string }).issuer, dev.issuer);
  } finally {
    await dev.close();
  }
}

report(checkIssuer());
