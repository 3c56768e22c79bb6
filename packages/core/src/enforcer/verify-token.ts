// One token's way: form, issuer, algorithm, key, signature; then its claims. Unverified data ends here. Rules T, I, C4.
import { InvalidTokenError } from "../base/errors.js";
import { readBySchema } from "../claims/schema.js";
import type { IssuerKey } from "../issuers/jwks.js";
import { resolveKey, resolveReplacement } from "../issuers/resolve-key.js";
import { decode } from "../jwt/decode.js";
import { checkHeader } from "../jwt/header.js";
import type { SignatureVerifier } from "../jwt/verify-signature.js";
import type { Issuer } from "./issuer-options.js";
import type { Settings } from "./options.js";
import { judge } from "./verified-token.js";
import type { JudgedToken } from "./verified-token.js";

export interface VerifiedToken extends JudgedToken {
  readonly issuer: Issuer;
  readonly key: IssuerKey;
}

/** What verification needs, and what is the same for all tokens of an enforcer. */
export interface Verification {
  readonly settings: Settings;
  readonly signatures: SignatureVerifier;
}

/**
 * @throws {InvalidTokenError}
 * @throws {IssuerUnavailableError}
 */
export async function verifyToken(
  raw: string,
  now: number,
  { settings, signatures }: Verification,
): Promise<VerifiedToken> {
  const token = decode(raw, settings.maxTokenBytes);
  const issuer = settings.issuers.find(token.claims["iss"]);
  const header = checkHeader(token.header, issuer.algorithms);
  const isSigner = (candidate: IssuerKey): boolean | Promise<boolean> =>
    signatures.verify(token, candidate, header.alg);

  // Awaited only where there is something to wait for: with keys at hand, on Node, there is nothing.
  const chosen = resolveKey(issuer.keys, header, now);
  let key = chosen instanceof Promise ? await chosen : chosen;
  const signed = isSigner(key);
  if (!(signed instanceof Promise ? await signed : signed)) {
    const replacement = await resolveReplacement(issuer.keys, header, key, now);
    if (replacement === undefined || !(await isSigner(replacement))) {
      throw new InvalidTokenError("signature", "the signature is not the issuer's");
    }
    key = replacement;
  }
  const { content, profile, capabilities } = judge({ token, header, issuer }, now, settings);
  if (settings.claims === undefined) return { content, profile, capabilities, issuer, key };
  const claims = await readBySchema(settings.claims, content.claims);
  return { content: { ...content, claims }, profile, capabilities, issuer, key };
}
