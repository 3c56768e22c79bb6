// Whether a token is worth sending, by what it says of itself. It grants nothing: the server decides (C5, C6, S4).
import type { JsonObject } from "@scitokens/core";
import { AccessToken } from "../base/access-token.js";
import { printable } from "../base/printable.js";
import { readClaims } from "../base/read-claims.js";
import { readRequest } from "../base/token-request.js";
import type { ReadRequest } from "../base/token-request.js";
import type { TokenRequest } from "../base/token-source.js";
import { coversScope } from "./covers-scope.js";

/** What a token has for an audience that is for every server: in SciTokens and in WLCG tokens (C6). */
const ANY = ["ANY", "https://wlcg.cern.ch/jwt/v1/any"];

/** Why the token that was `refused` does not fit. */
export const NOT_TAKEN = "the service did not take it";

const CLOCKS = 60; // seconds that two clocks may differ (C3)

/**
 * Says in words why a token does not fit a request; undefined: it fits. Its claims are read and not verified.
 *
 * Of several audiences asked for, one will do; a token without `aud` is for any server. Every scope asked for must be
 * covered. `timeLeft` is 60 s by default. A token that only its issuer can read fits where nothing is asked of its
 * claims. The token that is `refused` never fits. The words name what was asked for, never what the token says.
 * @param now seconds since the epoch
 * @throws {TypeError} for a wrong request
 * @example tokenFits(token, { audience: "https://data.example", scope: "read:/store" }, Date.now() / 1000)
 */
export function tokenFits(token: AccessToken | string, request: TokenRequest, now: number): string | undefined {
  const asked = readRequest(request);
  const text = token instanceof AccessToken ? token.value : token;
  const end = token instanceof AccessToken ? token.expiresAt : undefined;
  if (text === asked.refused?.value) return NOT_TAKEN;
  const claims = readClaims(text);
  if (claims === undefined) return whyNotOpaque(asked, end, now);
  return (
    whyNotNow(claims, asked, now) ??
    whyNotIssuer(claims["iss"], asked) ??
    whyNotAudience(claims["aud"], asked.audience) ??
    whyNotScope(claims, asked)
  );
}

function whyNotOpaque(asked: ReadRequest, end: number | undefined, now: number): string | undefined {
  const { audience, issuer, scope } = asked;
  const names = [
    ...(issuer === undefined ? [] : ["issuer"]),
    ...(audience.length === 0 ? [] : ["audience"]),
    ...(scope.length === 0 ? [] : ["scope"]),
  ];
  if (names.length > 0) return `only its issuer can read it, so nobody knows its ${names.join(" and ")}`;
  return end === undefined ? undefined : whyEnds(end, asked, now);
}

function whyNotNow({ exp, nbf }: JsonObject, asked: ReadRequest, now: number): string | undefined {
  if (typeof nbf === "number" && nbf > now + CLOCKS) return "it is not valid yet";
  if (exp === undefined) return undefined;
  return typeof exp === "number" ? whyEnds(exp, asked, now) : "its exp is no number";
}

function whyEnds(end: number, { timeLeft }: ReadRequest, now: number): string | undefined {
  const left = Math.floor(end - now);
  if (end <= now) return "it has expired";
  return end - now < timeLeft ? `it lives for ${left} s more; asked for were ${timeLeft} s` : undefined;
}

function whyNotIssuer(iss: unknown, { issuer }: ReadRequest): string | undefined {
  return issuer === undefined || iss === issuer ? undefined : `its issuer is not ${printable(issuer)}`;
}

/** Of the audiences asked for one will do; a token without `aud` is for any server. */
export function whyNotAudience(aud: unknown, audience: readonly string[]): string | undefined {
  if (audience.length === 0 || aud === undefined) return undefined;
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (named.some((name) => [...audience, ...ANY].includes(name as string))) return undefined;
  return `its audience is not ${printable(audience.join(" or "))}`;
}

function whyNotScope({ scope, scp }: JsonObject, asked: ReadRequest): string | undefined {
  const said = scope ?? scp; // `scp` is what some issuers of plain OAuth tokens write
  const granted =
    typeof said === "string" ? said.split(" ") : [said].flat().filter((value) => typeof value === "string");
  const missing = asked.scope.filter((value) => !coversScope(granted, value));
  return missing.length === 0 ? undefined : `its scope does not cover ${printable(missing.join(" "))}`;
}
