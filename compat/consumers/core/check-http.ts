// @scitokens/core/http on any runtime: the decision that adapters ask for.
import { authorizeRequest, createProtection, refusalAnswer } from "@scitokens/core/http";
import { expect } from "./minted.js";
import type { Minted } from "./minted.js";

export async function check({ audience, issuer, good }: Minted): Promise<void> {
  const protection = createProtection<string>({ audience, issuer, scope: "read:/data" });
  const facts = { method: "GET", target: "/data", request: "mine" };
  const allowed = await authorizeRequest({ ...facts, authorization: [`Bearer ${good}`] }, protection);
  expect("allowed", allowed.allowed, true);
  const refused = await authorizeRequest({ ...facts, authorization: [] }, protection);
  expect("refused", refused.allowed ? 200 : refusalAnswer(refused.refusal).status, 401);
}
