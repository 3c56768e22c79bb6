// What each profile adds to a token and asks of it. SciTokens Claims and Scopes Language, WLCG 1.3, RFC 9068 2, rules P2-P4.
import { oneOf } from "../options.js";

/** The kinds of token this package mints. */
export type TokenProfile = "scitokens-2" | "scitokens-1" | "wlcg" | "at-jwt";

/** A profile as data. */
export interface ProfileRules {
  readonly typ: string;
  /** Claims that mark a token as one of this profile. */
  readonly marks: Readonly<Record<string, string>>;
  /** Claims the caller must give, or leave out on purpose with `undefined`. */
  readonly required: readonly string[];
  /** The only claims allowed, where verifiers refuse all others. */
  readonly known?: readonly string[];
}

const PROFILES: Readonly<Record<TokenProfile, ProfileRules>> = {
  "scitokens-2": { typ: "JWT", marks: { ver: "scitoken:2.0" }, required: ["aud", "scope"] },
  "scitokens-1": {
    typ: "JWT",
    marks: {}, // the reference libraries refuse the specification's own 'scitoken:1.0'
    required: ["scope"],
    known: ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "ver", "opt", "scope"],
  },
  // "1.0": scitokens-cpp refuses 1.1 and later (interop 1). sub is the issuer's duty (P3).
  wlcg: { typ: "JWT", marks: { "wlcg.ver": "1.0" }, required: ["aud", "sub"] },
  "at-jwt": { typ: "at+jwt", marks: {}, required: ["aud", "sub", "client_id"] },
};
const NAMES: readonly TokenProfile[] = ["scitokens-2", "scitokens-1", "wlcg", "at-jwt"];

/** Narrows `value` to the name of a profile; default: scitokens-2. */
export function parseProfile(value: unknown): TokenProfile {
  return oneOf(value ?? "scitokens-2", NAMES, "profile");
}

/** The rules of a profile. */
export function profileRules(profile: TokenProfile): ProfileRules {
  return PROFILES[profile];
}
