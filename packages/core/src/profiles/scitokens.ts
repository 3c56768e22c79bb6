// SciTokens 1.0 and 2.0: scitokens.org, Claims and Scopes Language. Rules P2, C6.
import { splitScopes } from "../scopes/parse.js";
import { optionalString } from "./profile.js";
import type { Profile } from "./profile.js";
import type { JsonObject } from "../base/json.js";

const ANY_AUDIENCE = "ANY";

const scopes = (claims: JsonObject): readonly string[] => splitScopes(optionalString(claims, "scope") ?? "");

/** Tokens without `ver`, or with one of 1.0. An unknown claim might restrict the token: it is refused. */
export const scitokens1: Profile = {
  name: "scitokens-1",
  required: ["iss", "exp", "nbf", "iat", "scope"],
  known: new Set(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "ver", "opt", "scope"]),
  anyAudience: ANY_AUDIENCE,
  language: "scitokens",
  scopes,
};

export const scitokens2: Profile = {
  name: "scitokens-2",
  required: ["iss", "exp", "nbf", "iat", "scope", "aud"],
  anyAudience: ANY_AUDIENCE,
  language: "scitokens",
  scopes,
};
