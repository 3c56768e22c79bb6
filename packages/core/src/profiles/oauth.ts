// JWT access tokens of OAuth: RFC 9068, and what plain OAuth servers issue. Rules P1, P4, T6.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import { splitScopes } from "../scopes/parse.js";
import { optionalString } from "./profile.js";
import type { Profile } from "./profile.js";

/** Tokens typed at+jwt (RFC 9068 2.2). */
export const atJwt: Profile = {
  name: "at-jwt",
  required: ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
  language: "plain",
  scopes: (claims) => splitScopes(optionalString(claims, "scope") ?? ""),
};

/** What Keycloak, CILogon, Auth0 and others issue: must be asked for by name (P1). */
export const oauth: Profile = {
  name: "oauth",
  required: ["iss", "exp", "aud"],
  strictType: true,
  language: "plain",
  scopes(claims) {
    if (Object.hasOwn(claims, "scope") || !Object.hasOwn(claims, "scp")) {
      return splitScopes(optionalString(claims, "scope") ?? "");
    }
    return scpValues(claims);
  },
};

/** `scp` is a list with some issuers, and with others written as `scope` is. */
function scpValues(claims: JsonObject): readonly string[] {
  const { scp } = claims;
  if (!Array.isArray(scp)) return splitScopes(optionalString(claims, "scp") ?? "");
  if (scp.every((value) => typeof value === "string" && value !== "" && !value.includes(" "))) return scp;
  throw new InvalidTokenError("invalid_claim", "scp: expected a string or a list of scopes");
}
