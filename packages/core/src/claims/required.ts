// Claims that must be there, be strings, or not be there at all. RFC 7519 4.1, RFC 7800 3.1, rules C8, T6, T7, P2 to P4.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";

/** @throws {InvalidTokenError} reason `missing_claim` */
export function requireClaims(claims: JsonObject, required: readonly string[]): void {
  for (const name of required) {
    if (!Object.hasOwn(claims, name)) throw new InvalidTokenError("missing_claim", `${name}: expected by the profile`);
  }
}

/** @throws {InvalidTokenError} reason `unknown_claim` */
export function refuseUnknownClaims(
  claims: JsonObject,
  known: ReadonlySet<string>,
  validated: ReadonlyMap<string, unknown>,
): void {
  for (const name of Object.keys(claims)) {
    if (known.has(name) || validated.has(name)) continue;
    throw new InvalidTokenError("unknown_claim", "a claim that SciTokens 1.0 does not know", {
      hint: "for a plain OAuth issuer (Keycloak, CILogon, ...) give profiles: ['oauth']; for one claim, a validator",
    });
  }
}

const STRINGS = ["iss", "sub", "jti", "client_id"];

/** @throws {InvalidTokenError} reason `invalid_claim` */
export function checkStrings(claims: JsonObject): void {
  for (const name of STRINGS) {
    if (Object.hasOwn(claims, name) && typeof claims[name] !== "string") {
      throw new InvalidTokenError("invalid_claim", `${name}: expected a string`);
    }
  }
}

const OTHER_TOKENS = new Set(["id", "refresh", "offline", "logout"]);

/**
 * Refuses tokens that are good and yet not bearer access tokens: ID tokens, refresh tokens (some issuers sign both with
 * one key), and tokens bound to a key that nobody has checked.
 * @throws {InvalidTokenError} reasons `token_type`, `sender_constrained`
 */
export function checkUse(claims: JsonObject): void {
  const { typ } = claims;
  if (Object.hasOwn(claims, "at_hash") || (typeof typ === "string" && OTHER_TOKENS.has(typ.toLowerCase()))) {
    throw new InvalidTokenError("token_type", "expected an access token, not an ID or refresh token", {
      hint: "clients must send the access_token of the issuer's answer, not its id_token",
    });
  }
  if (Object.hasOwn(claims, "cnf")) {
    throw new InvalidTokenError("sender_constrained", "cnf: a token bound to a key cannot be taken as a bearer token");
  }
}
