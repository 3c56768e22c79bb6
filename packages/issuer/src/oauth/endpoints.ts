// The addresses of the issuer, below its path, and the document that tells them. RFC 8414 2, OpenID Discovery 3, RFC 8628 4.
import { metadataOf } from "../issuers/documents.js";
import type { KeyRing } from "../keys/key-ring.js";
import { GRANT_TYPES, USUAL_SCOPE } from "./client-options.js";

/** Where each endpoint is. */
export const ENDPOINTS = {
  authorization: "/authorize",
  token: "/token",
  device_authorization: "/device_authorization",
  /** The page where a person enters a user code. */
  device: "/device",
  /** The page where a person answers an authorization request; followed by its id. */
  consent: "/consent",
  registration: "/register",
  revocation: "/revoke",
  introspection: "/introspect",
  userinfo: "/userinfo",
  jwks: "/jwks",
} as const;

/** The ways a client can show who it is. */
export const CLIENT_AUTHENTICATION = ["client_secret_basic", "client_secret_post", "none"] as const;

/** The metadata of an issuer with endpoints. */
export function oauthMetadata(issuer: string, keys: KeyRing): object {
  const at = (name: keyof typeof ENDPOINTS): string => `${issuer}${ENDPOINTS[name]}`;
  return {
    ...metadataOf(issuer, keys),
    authorization_endpoint: at("authorization"),
    token_endpoint: at("token"),
    device_authorization_endpoint: at("device_authorization"),
    registration_endpoint: at("registration"),
    revocation_endpoint: at("revocation"),
    introspection_endpoint: at("introspection"),
    userinfo_endpoint: at("userinfo"),
    scopes_supported: USUAL_SCOPE,
    response_types_supported: ["code"],
    response_modes_supported: ["query", "fragment"],
    grant_types_supported: Object.values(GRANT_TYPES),
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    claims_supported: ["iss", "sub", "name", "preferred_username"],
    authorization_response_iss_parameter_supported: true,
  };
}
