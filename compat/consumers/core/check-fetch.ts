// @scitokens/core/fetch on any runtime: a web-standard Request goes in, a token or a Response comes out.
import type { SciToken } from "@scitokens/core";
import { protectFetch } from "@scitokens/core/fetch";
import { expect } from "./minted.js";
import type { Minted } from "./minted.js";
import { sameType } from "./same-type.js";

export async function check({ audience, issuer, good, forged }: Minted): Promise<void> {
  const guard = protectFetch({ audience, issuer, scope: "read:/data" });
  const ask = (raw: string): ReturnType<typeof guard> =>
    guard(new Request("https://data.example.org/data", { headers: { Authorization: `Bearer ${raw}` } }));
  const allowed = await ask(good);
  sameType<typeof allowed, SciToken | Response>(true);
  expect("subject", allowed instanceof Response ? allowed.status : allowed.subject, "alice");
  const refused = await ask(forged);
  if (!(refused instanceof Response)) throw new Error("a forged token was let through");
  expect("status", refused.status, 401);
  expect("challenge", refused.headers.get("www-authenticate"), 'Bearer realm="scitokens", error="invalid_token"');
}
