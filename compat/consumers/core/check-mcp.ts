// @scitokens/core/mcp on any runtime: what the SDK of the Model Context Protocol asks of a verifier.
import { createTokenVerifier } from "@scitokens/core/mcp";
import { expect } from "./minted.js";
import type { Minted } from "./minted.js";

export async function check({ audience, issuer, good, forged }: Minted): Promise<void> {
  const verifier = createTokenVerifier({ audience, issuer, refuse: (message) => new RangeError(message) });
  const { scopes } = await verifier.verifyAccessToken(good);
  expect("scopes", scopes.join(" "), "read:/data");
  const refused = await verifier.verifyAccessToken(forged).catch((error: unknown) => error);
  expect("a forged token", refused instanceof RangeError, true);
}
