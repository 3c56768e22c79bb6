// One token's way: form, issuer, algorithm, key, signature; then its claims. Unverified data ends here. Rules T, I, C4.
import { InvalidTokenError } from "../base/errors.js";
import { when } from "../base/when.js";
import { readBySchema } from "../claims/schema.js";
import type { IssuerKey } from "../issuers/jwks.js";
import { resolveKey, resolveReplacement } from "../issuers/resolve-key.js";
import { decode } from "../jwt/decode.js";
import type { KnownHeaders } from "../jwt/known-headers.js";
import { checkHeader } from "../jwt/header.js";
import type { SignatureVerifier } from "../jwt/signature.js";
import type { Issuer } from "./issuer-options.js";
import type { Settings } from "./options.js";
import type { TokenContent } from "./sci-token.js";
import { judge } from "./verified-token.js";

export interface VerifiedToken {
  readonly content: TokenContent;
  readonly issuer: Issuer;
  readonly key: IssuerKey;
}

/** What verification needs, and what is the same for all tokens of an enforcer. */
export interface Verification {
  readonly settings: Settings;
  readonly signatures: SignatureVerifier;
  readonly headers: KnownHeaders;
}

/**
 * @returns a promise only where there is something to wait for: keys, a thread, a schema
 * @throws {InvalidTokenError}
 * @throws {IssuerUnavailableError}
 */
export function verifyToken(
  raw: string,
  now: number,
  { settings, signatures, headers }: Verification,
): VerifiedToken | Promise<VerifiedToken> {
  const token = decode(raw, settings.maxTokenBytes, headers);
  const issuer = settings.issuers.find(token.claims["iss"]);
  const header = checkHeader(token.header, issuer.algorithms);
  const isSigner = (candidate: IssuerKey): boolean | Promise<boolean> =>
    signatures.verify(token, candidate, header.alg);

  async function trySuccessor(failed: IssuerKey): Promise<IssuerKey> {
    const replacement = await resolveReplacement(issuer.keys, header, failed, now);
    if (replacement !== undefined && (await isSigner(replacement)) === true) return replacement;
    throw new InvalidTokenError("signature", "the signature is not the issuer's");
  }

  function accept(key: IssuerKey): VerifiedToken | Promise<VerifiedToken> {
    const signed = { header: headers.keep(token.headerText, token.header), claims: token.claims };
    const content = judge({ token: signed, header, issuer }, now, settings);
    if (settings.claims === undefined) return { content, issuer, key };
    const read = readBySchema(settings.claims, content.claims);
    return read.then((claims) => ({ content: { ...content, claims }, issuer, key }));
  }

  return when(resolveKey(issuer.keys, header, now), (key) =>
    when(isSigner(key), (signed) => (signed === true ? accept(key) : trySuccessor(key).then(accept))),
  );
}
