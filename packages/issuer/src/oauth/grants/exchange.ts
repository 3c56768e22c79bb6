// One token for another that can do less, or for another service. RFC 8693, ADR 0015.
import { Refused } from "../refused.js";
import { asksForGroups } from "../scopes/narrowing.js";
import { parseScopeValue } from "../scopes/scope-value.js";
import type { CapabilitySets } from "./capability-sets.js";
import { anyAudience } from "./grant.js";
import type { Asked, ClientRights, Granted } from "./grant.js";
import { narrow, refuseBeyond } from "./policy.js";
import type { SubjectToken } from "./subject-token.js";

/**
 * What the new token may say; `client.audience` are the names that the client may add.
 * @throws {Refused} invalid_scope, invalid_target where it would be more than the old one says, or the client may have
 */
export function narrowToken(subject: SubjectToken, asked: Asked, client: ClientRights, sets: CapabilitySets): Granted {
  const { held } = subject;
  const ofTheClient = (name: string): boolean => client.audience?.includes(name) === true;
  const open = held.audience.includes(anyAudience(held.profile));
  const stray = asked.audience.find((name) => !open && !held.audience.includes(name) && !ofTheClient(name));
  if (stray !== undefined)
    throw new Refused("invalid_target", "the audience is neither the token's nor one that the client may name");
  const named = held.scope.filter((text) => text.startsWith("wlcg.groups:"));
  const scope = asked.scope?.flatMap((text) => (text === "wlcg.groups" && named.length > 0 ? named : [text]));
  const granted = narrow({ ...held, audience: [] }, { scope, audience: asked.audience }, sets);
  refuseUnmasked(held.scope, granted.scope);
  refuseBeyond(client, granted, sets); // nobody has more by a token of somebody else's
  return { ...granted, audience: asked.audience.length > 0 ? asked.audience : held.audience };
}

/** A token with capabilities is judged by them alone: without them its groups, which had no say, would have one (S7). */
function refuseUnmasked(held: readonly string[], granted: readonly string[]): void {
  if (!granted.some((text) => asksForGroups(parseScopeValue(text)))) return;
  if (!held.some(masksGroups) || granted.some(masksGroups)) return;
  throw new Refused("invalid_scope", "groups without the capabilities of the token would be more than it grants");
}

/** Exactly what verifiers look at: `read` and `queue` mask nothing (S7). */
function masksGroups(text: string): boolean {
  return /^(?:storage|compute)\./.test(text);
}
