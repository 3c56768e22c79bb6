// What an issuer publishes, and where: metadata in both well-known forms, and the JWKS. RFC 8414 3, OpenID Discovery 4, rule I3.
import type { KeyRing } from "../keys/key-ring.js";

/** Metadata of an issuer (RFC 8414 2). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
}

/** The addresses of an issuer's documents. */
export interface DocumentUrls {
  readonly openidConfiguration: string;
  readonly oauthAuthorizationServer: string;
  readonly jwks: string;
}

/** Where the documents of `issuer` are; a trailing slash of the issuer does not count (RFC 8414 3.1). */
export function documentUrls(issuer: string): DocumentUrls {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return {
    openidConfiguration: `${origin}${path}/.well-known/openid-configuration`,
    oauthAuthorizationServer: `${origin}/.well-known/oauth-authorization-server${path}`,
    jwks: `${origin}${path}/jwks`,
  };
}

/** The metadata document of an issuer that has no authorization endpoint. */
export function metadataOf(issuer: string, keys: KeyRing): IssuerMetadata {
  return {
    issuer,
    jwks_uri: documentUrls(issuer).jwks,
    response_types_supported: ["none"], // required, and must not be empty: RFC 8414 2 and 3.2
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: keys.algorithms(),
  };
}

/** The document at `url` (without query), or undefined. */
export function documentAt(url: string, issuer: string, keys: KeyRing): object | undefined {
  const urls = documentUrls(issuer);
  if (url === urls.jwks) return keys.jwks();
  if (url === urls.openidConfiguration || url === urls.oauthAuthorizationServer) return metadataOf(issuer, keys);
  return undefined;
}

/** The headers of a document that may be kept for `maxAge` seconds (I5). */
export function documentHeaders(maxAge: number): Readonly<Record<string, string>> {
  return { "content-type": "application/json", "cache-control": `public, max-age=${maxAge}` };
}
