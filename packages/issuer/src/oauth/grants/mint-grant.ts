// An access token for a grant. SciTokens 2.0, WLCG 1.3 2.2, RFC 9068 2.2, interop 1.
import type { KeyRing } from "../../keys/key-ring.js";
import type { TokenClaims } from "../../tokens/build-claims.js";
import { mintToken } from "../../tokens/create-token.js";
import type { MintedToken } from "../../tokens/create-token.js";
import { asksForGroups, isOfTheIssuer } from "../scopes/narrowing.js";
import { parseScopeValue } from "../scopes/scope-value.js";
import { anyAudience } from "./grant.js";
import type { Granted } from "./grant.js";

/** The issuer, as far as it shows in a token. */
export interface MintingParty {
  readonly issuer: string;
  readonly keys: KeyRing;
  /** For requests that name none; empty: any, in the words of the profile. */
  readonly audience: readonly string[];
}

/** Whom a token speaks of, and for how long. */
export interface TokenSubject {
  readonly sub: string;
  readonly clientId: string;
  readonly groups: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  /** Who acts for the subject (RFC 8693 4.1). */
  readonly actor?: object | undefined;
}

/** Mints the token that `claimsOf` describes. */
export function mintGrant(party: MintingParty, granted: Granted, subject: TokenSubject): Promise<MintedToken> {
  return mintToken(claimsOf(party, granted, subject), {
    key: party.keys.choose(undefined),
    issuer: party.issuer,
    lifetime: subject.lifetime,
    profile: granted.profile,
  });
}

/** What the token will say; its `scope` holds the capabilities, without the values that were for the issuer. */
export function claimsOf(party: MintingParty, granted: Granted, subject: TokenSubject): TokenClaims {
  const values = granted.scope.map(parseScopeValue);
  const capabilities = values.filter((value) => !isOfTheIssuer(value));
  const wanted = granted.audience.length > 0 ? granted.audience : party.audience;
  const audience = wanted.length > 0 ? wanted : [anyAudience(granted.profile)];
  const scope = capabilities.map(({ text }) => text).join(" ");
  const groups = values.some(asksForGroups) ? chooseGroups(granted.scope, subject.groups) : undefined;
  return {
    sub: subject.sub,
    aud: audience.length === 1 ? audience[0] : audience,
    scope: scope === "" && granted.profile === "wlcg" ? undefined : scope,
    client_id: subject.clientId,
    "wlcg.groups": granted.profile === "wlcg" ? groups : undefined,
    act: subject.actor,
  };
}

/** The groups asked for by name come first, in that order; `wlcg.groups` alone adds all (WLCG 2.2.2). */
function chooseGroups(scope: readonly string[], groups: readonly string[]): readonly string[] {
  const named = scope
    .filter((text) => text.startsWith("wlcg.groups:"))
    .map((text) => text.slice("wlcg.groups:".length));
  return scope.includes("wlcg.groups") ? [...new Set([...named, ...groups])] : named;
}
