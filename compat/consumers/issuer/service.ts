// The issuer alone: a key, tokens of several profiles, and the development issuer's own pages.
import { strict as assert } from "node:assert";
import { createSigningKey, createToken, startDevIssuer } from "@scitokens/issuer";
import type { SigningKey } from "@scitokens/issuer";
import { startOAuthIssuer } from "@scitokens/issuer/oauth";
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

async function checkOAuth(): Promise<void> {
  const oauth = await startOAuthIssuer({ path: "/vo1" });
  try {
    const response = await fetch(`${oauth.issuer}/.well-known/openid-configuration`);
    const { token_endpoint: endpoint } = (await response.json()) as { token_endpoint: string };
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa("demo-service:demo-secret")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "read:/data" }),
    });
    assert.equal(answer.status, 200);
  } finally {
    await oauth.close();
  }
}

report(checkIssuer().then(checkOAuth));
