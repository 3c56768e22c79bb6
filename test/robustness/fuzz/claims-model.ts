// Whether a token whose signature is good is taken: each rule as one line, and all of them must hold. T3, T4, T6, T7, C, P, S2.
import type { ProfileName } from "@scitokens/core";
import { readScope } from "./scope-model.js";

type Members = Readonly<Record<string, unknown>>;

export interface Server {
  readonly now: number;
  readonly issuer: string;
  readonly audience: readonly string[] | null;
  readonly clockTolerance: number;
  readonly maxTokenLifetime: number | undefined;
  readonly acceptAnyAudience: boolean;
  readonly allowMissingAudience: boolean;
  readonly profiles: readonly ProfileName[];
}

const isString = (value: unknown): value is string => typeof value === "string";
const isAbsentOr = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value);
const isTime = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= 2 ** 53 - 1;

/** The profile of a good token; undefined for one that must be refused. What its signature is made with is ES256, key-1. */
export function profileOf(header: Members, claims: Members, server: Server): ProfileName | undefined {
  const profile = chosen(header, claims, server.profiles);
  if (profile === undefined || !server.profiles.includes(profile)) return undefined;
  const fits =
    isGoodHeader(header, profile) &&
    claims["iss"] === server.issuer &&
    isAccessToken(claims) &&
    hasItsClaims(claims, profile) &&
    isInTime(claims, server) &&
    isForServer(claims, profile, server) &&
    scopesOf(claims, profile) !== undefined;
  return fits ? profile : undefined;
}

function isGoodHeader(header: Members, profile: ProfileName): boolean {
  const { alg, kid, b64 } = header;
  if (alg !== "ES256" || !isAbsentOr(kid, (value) => value === "key-1")) return false; // T3, I10
  if (["crit", "enc"].some((name) => name in header) || !isAbsentOr(b64, (value) => value === true)) return false; // T4, T1
  if (profile === "wlcg" && kid === undefined) return false; // P3
  if (!isAbsentOr(header["typ"], (value) => isString(value) && value !== "")) return false; // T6
  const typ = typeOf(header);
  if (typ === undefined) return true;
  if ((typ.endsWith("+jwt") && typ !== "at+jwt") || /^(jwe|jose)($|\+)/.test(typ)) return false; // T6
  return profile !== "oauth" || typ === "jwt" || typ === "at+jwt"; // P1
}

/** In lower case and without `application/`. */
function typeOf({ typ }: Members): string | undefined {
  if (!isString(typ)) return undefined;
  const name = typ.toLowerCase();
  return name.startsWith("application/") ? name.slice("application/".length) : name;
}

function chosen(header: Members, claims: Members, allowed: readonly ProfileName[]): ProfileName | undefined {
  if ("ver" in claims) {
    const { ver } = claims;
    if (ver === "scitoken:1.0" || ver === "scitokens:1.0") return "scitokens-1";
    return ver === "scitoken:2.0" || ver === "scitokens:2.0" ? "scitokens-2" : undefined;
  }
  if ("wlcg.ver" in claims) {
    const version = claims["wlcg.ver"];
    return isString(version) && /^1\.\d+$/.test(version) ? "wlcg" : undefined;
  }
  const hasOauth = allowed.includes("oauth");
  if (typeOf(header) === "at+jwt" && !(hasOauth && !allowed.includes("at-jwt"))) return "at-jwt";
  return hasOauth ? "oauth" : "scitokens-1";
}

function isAccessToken(claims: Members): boolean {
  const { typ } = claims;
  const other = isString(typ) && ["id", "refresh", "offline", "logout"].includes(typ.toLowerCase());
  return !other && !("at_hash" in claims) && !("cnf" in claims); // T6, T7
}

const REQUIRED: Readonly<Record<ProfileName, string>> = {
  "scitokens-1": "iss exp nbf iat scope",
  "scitokens-2": "iss exp nbf iat scope aud",
  wlcg: "exp iss wlcg.ver aud iat",
  "at-jwt": "iss exp aud sub client_id iat jti",
  oauth: "iss exp aud",
};
const KNOWN = "iss sub aud exp nbf iat jti ver opt scope".split(" ");

function hasItsClaims(claims: Members, profile: ProfileName): boolean {
  const names = Object.keys(claims);
  if (!REQUIRED[profile].split(" ").every((name) => names.includes(name))) return false;
  if (!["iss", "sub", "jti", "client_id"].every((name) => isAbsentOr(claims[name], isString))) return false; // C8
  return profile !== "scitokens-1" || names.every((name) => KNOWN.includes(name)); // P2
}

function isInTime(claims: Members, { now, clockTolerance, maxTokenLifetime }: Server): boolean {
  const { exp, nbf, iat } = claims;
  if (!isTime(exp) || !isAbsentOr(nbf, isTime) || !isAbsentOr(iat, isTime)) return false; // C1
  if (now >= exp) return false; // C2
  if ([nbf, iat].some((time) => isTime(time) && time - now > clockTolerance)) return false; // C3
  const from = [iat, nbf, now].find(isTime) ?? now;
  return maxTokenLifetime === undefined || exp - from <= maxTokenLifetime; // C8
}

const ANY: Partial<Record<ProfileName, string>> = {
  "scitokens-1": "ANY",
  "scitokens-2": "ANY",
  wlcg: "https://wlcg.cern.ch/jwt/v1/any",
};

function isForServer({ aud }: Members, profile: ProfileName, server: Server): boolean {
  if (aud === undefined) return server.audience === null || server.allowMissingAudience; // C5, C7
  const names: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (names.length === 0 || !names.every(isString)) return false;
  if (server.audience === null) return false;
  const any = server.acceptAnyAudience ? ANY[profile] : undefined; // C6
  return names.some((name) => server.audience?.includes(name) === true || name === any);
}

/** The values of its scope claim; undefined where one spoils the token. */
export function scopesOf(claims: Members, profile: ProfileName): readonly string[] | undefined {
  const { scope, scp } = claims;
  const language = profile === "wlcg" ? "wlcg" : profile.startsWith("scitokens") ? "scitokens" : "plain";
  const groups = claims["wlcg.groups"];
  if (profile === "wlcg" && !isAbsentOr(groups, areGroups)) return undefined; // P3
  let text = scope;
  if (profile === "oauth" && scope === undefined) {
    if (Array.isArray(scp) && !scp.every((value) => isString(value) && value !== "" && !value.includes(" ")))
      return undefined;
    text = Array.isArray(scp) ? scp.join(" ") : scp; // P1
  }
  if (text === undefined) return [];
  if (!isString(text) || readScope(text, language) === undefined) return undefined; // S1, S2
  return text.split(" ").filter((value) => value !== "");
}

const areGroups = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((one) => isString(one) && /^(\/[a-zA-Z0-9][\w.-]*)+$/.test(one) && !one.endsWith("\n"));
