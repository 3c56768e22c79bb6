// The WLCG Common JWT Profile, major version 1. Rules P3, C6, S7.
import { InvalidTokenError } from "../base/errors.js";
import { splitScopes } from "../scopes/parse.js";
import { optionalString } from "./profile.js";
import type { Profile } from "./profile.js";

export const WLCG_ANY_AUDIENCE = "https://wlcg.cern.ch/jwt/v1/any";

/** A group name (WLCG 2.2.2). */
export const GROUP: RegExp = /^(\/[a-zA-Z0-9][a-zA-Z0-9_.-]*)+$/;

export const wlcg: Profile = {
  name: "wlcg",
  required: ["exp", "iss", "wlcg.ver", "aud", "iat"],
  owed: ["sub", "jti"],
  anyAudience: WLCG_ANY_AUDIENCE,
  requiresKeyId: true,
  language: "wlcg",
  scopes: (claims) => splitScopes(optionalString(claims, "scope") ?? ""),
  groups(claims) {
    if (!Object.hasOwn(claims, "wlcg.groups")) return [];
    const groups = claims["wlcg.groups"];
    if (Array.isArray(groups) && groups.every((group) => typeof group === "string" && GROUP.test(group))) return groups;
    throw new InvalidTokenError("invalid_claim", "wlcg.groups: expected a list of names that begin with a slash");
  },
};
