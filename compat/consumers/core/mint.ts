// Tokens for the checks that run where nothing can sign.
import { createTestIssuer } from "@scitokens/issuer";
import { audience } from "./check-answers.js";
import type { Minted } from "./minted.js";

export async function mint(): Promise<Minted> {
  const mine = await createTestIssuer({ algs: ["ES256", "RS256"] });
  const another = await createTestIssuer();
  const claims = { sub: "alice", aud: audience, scope: "read:/data" };
  const good = await mine.token(claims);
  const rsa = await mine.token(claims, { alg: "RS256" });
  // The other issuer's signature below the good token's header and claims.
  const forged = [...good.split(".").slice(0, 2), (await another.token(claims)).split(".")[2]].join(".");
  return { audience, issuer: { issuer: mine.issuer, jwks: mine.jwks }, good, rsa, forged };
}
