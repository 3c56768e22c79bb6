// The token is meant for this server. RFC 7519 4.1.3, SciTokens 2.2, WLCG 2.1.1, rules C5 to C7.
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";

export interface AudiencePolicy {
  /** The server's names; null: it has none, and refuses every token that names an audience. */
  readonly audience: readonly string[] | null;
  /** Whether the profile's wildcard is taken for the server's name. */
  readonly acceptAnyAudience: boolean;
  /** Whether a token without aud is taken at a server that has a name, where its profile does not ask for aud. */
  readonly allowMissingAudience: boolean;
}

/** @throws {InvalidTokenError} reason `invalid_claim` */
export function readAudience(claims: JsonObject): readonly string[] | undefined {
  if (!Object.hasOwn(claims, "aud")) return undefined;
  const { aud } = claims;
  if (typeof aud === "string") return [aud];
  if (Array.isArray(aud) && aud.length > 0 && aud.every((name) => typeof name === "string")) return aud;
  throw new InvalidTokenError("invalid_claim", "aud: expected a string or a list of strings");
}

/** @throws {InvalidTokenError} reason `audience` */
export function checkAudience(
  named: readonly string[] | undefined,
  policy: AudiencePolicy,
  wildcard: string | undefined,
): void {
  const { audience } = policy;
  if (audience === null) {
    if (named === undefined) return;
    throw refused("aud: the token is for some server, and this one has no name", "name this server: audience");
  }
  if (named === undefined) {
    if (policy.allowMissingAudience) return;
    throw refused("aud: the token is for no server in particular", "allowMissingAudience takes such tokens");
  }
  if (named.some((name) => audience.includes(name))) return;
  if (policy.acceptAnyAudience && wildcard !== undefined && named.includes(wildcard)) return;
  throw refused("aud: the token is for another server", `this server answers to ${audience.join(", ")}`);
}

function refused(message: string, hint: string): InvalidTokenError {
  return new InvalidTokenError("audience", message, { hint });
}
