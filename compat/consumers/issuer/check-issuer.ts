// @scitokens/issuer on any runtime: an issuer for tests, its public keys, and a token that names one of them.
import { createTestIssuer } from "@scitokens/issuer";

export async function check(): Promise<void> {
  const issuer = await createTestIssuer();
  const raw = await issuer.token({ scope: "read:/data" });
  const header: { readonly kid?: unknown } = JSON.parse(
    atob(raw.split(".")[0]?.replaceAll("-", "+").replaceAll("_", "/") ?? ""),
  );
  if (header.kid !== issuer.jwks.keys[0]?.kid) throw new Error("a token whose key is not published");
}
