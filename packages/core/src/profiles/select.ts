// Which profile a token is written in: by what it says, within what its issuer may write. Rules P1 to P4.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import { atJwt, oauth } from "./oauth.js";
import type { Profile, ProfileName } from "./profile.js";
import { scitokens1, scitokens2 } from "./scitokens.js";
import { wlcg } from "./wlcg.js";

export const PROFILES: readonly ProfileName[] = ["scitokens-1", "scitokens-2", "wlcg", "at-jwt", "oauth"];

export const DEFAULT_PROFILES: readonly ProfileName[] = ["scitokens-1", "scitokens-2", "wlcg", "at-jwt"];

/** Whether a name of S2 without a path can mean something to these profiles: only to plain OAuth ones, asked for. */
export function takeBareNames(allowed: readonly ProfileName[]): boolean {
  return allowed.includes("oauth") || allowed.every((name) => name === "at-jwt");
}

/**
 * @param typ the header's `typ`, in lower case and without `application/`
 * @throws {InvalidTokenError} reason `profile`
 */
export function selectProfile(claims: JsonObject, typ: string | undefined, allowed: readonly ProfileName[]): Profile {
  const profile = recognise(claims, typ, allowed);
  if (!allowed.includes(profile.name)) {
    throw new InvalidTokenError("profile", `a ${profile.name} token, which is not taken from its issuer`, {
      hint: `profiles of this issuer: ${allowed.join(", ")}`,
    });
  }
  if (profile.strictType === true && typ !== undefined && typ !== "jwt" && typ !== "at+jwt") {
    throw new InvalidTokenError("profile", "typ: expected JWT or at+jwt");
  }
  return profile;
}

function recognise(claims: JsonObject, typ: string | undefined, allowed: readonly ProfileName[]): Profile {
  if (Object.hasOwn(claims, "ver")) return byVersion(claims["ver"]);
  if (Object.hasOwn(claims, "wlcg.ver")) return byWlcgVersion(claims["wlcg.ver"]);
  const plain = allowed.includes("oauth");
  if (typ === "at+jwt" && (allowed.includes("at-jwt") || !plain)) return atJwt;
  return plain ? oauth : scitokens1;
}

function byVersion(ver: unknown): Profile {
  switch (ver) {
    case "scitoken:1.0":
    case "scitokens:1.0":
      return scitokens1;
    case "scitoken:2.0":
    case "scitokens:2.0":
      return scitokens2;
    default:
      throw new InvalidTokenError("profile", "ver: expected scitoken:1.0 or scitoken:2.0");
  }
}

/** A newer minor version adds; another major one may mean something else (WLCG 4.3.3). */
function byWlcgVersion(version: unknown): Profile {
  if (typeof version === "string" && /^1\.[0-9]+$/.test(version)) return wlcg;
  throw new InvalidTokenError("profile", "wlcg.ver: expected major version 1");
}
