// What is asked for, and what is granted: the two halves of every flow. RFC 6749 3.3, RFC 8707 2.
import type { ScopeLanguage } from "../scopes/narrowing.js";

/** The kinds of token that the OAuth issuer mints. */
export type OAuthProfile = "scitokens-2" | "wlcg";

/** What a request asks for, before anybody has decided. */
export interface Asked {
  /** Undefined: the request says nothing, and means whatever it may have. */
  readonly scope: readonly string[] | undefined;
  /** Empty: the request names no audience. */
  readonly audience: readonly string[];
}

/** What somebody may have; a refresh token stands for it, an access token carries it or less. */
export interface Granted {
  readonly scope: readonly string[];
  /** Empty: no audience was named, and each token may name its own. */
  readonly audience: readonly string[];
  /** Chosen once, when the grant is made: the same words mean other things in another profile (S5). */
  readonly profile: OAuthProfile;
}

/** Who asks: a client, as far as it matters here. */
export interface ClientRights {
  readonly clientId: string;
  readonly scope: readonly string[];
  /** Undefined: any. */
  readonly audience: readonly string[] | undefined;
  readonly profile: OAuthProfile;
}

/** For whom: a person whom the issuer knows. */
export interface UserRights {
  readonly sub: string;
  /** Undefined: whatever the client may have. */
  readonly scope: readonly string[] | undefined;
  /** Whose words the scope is in. */
  readonly profile: OAuthProfile;
  readonly groups: readonly string[];
}

/** The names a profile's tokens speak. */
export function languageOf(profile: OAuthProfile): ScopeLanguage {
  return profile === "wlcg" ? "wlcg" : "scitokens";
}

/** The audience that stands for every service, in the words of a profile (C6). */
export function anyAudience(profile: OAuthProfile): string {
  return profile === "wlcg" ? "https://wlcg.cern.ch/jwt/v1/any" : "ANY";
}
