// Who may have what: a client up to its registration, a user up to their rights, a grant only less of itself. ADR 0015.
import { quote, Refused } from "../refused.js";
import { asksForGroups, coveredBy, isOfTheIssuer } from "../scopes/narrowing.js";
import { parseScopeValue } from "../scopes/scope-value.js";
import type { ScopeValue } from "../scopes/scope-value.js";
import { permits, commonTo } from "../scopes/translation.js";
import { expand, namesSet } from "./capability-sets.js";
import type { CapabilitySets } from "./capability-sets.js";
import { anyAudience, languageOf } from "./grant.js";
import type { Asked, ClientRights, Granted, OAuthProfile, UserRights } from "./grant.js";

/**
 * What a client may have of what it asks for: all of it, or the request is refused.
 * @throws {Refused} invalid_scope, invalid_target
 */
export function admit(client: ClientRights, asked: Asked, sets: CapabilitySets): Granted {
  const audience = audienceOf(client, asked.audience);
  const profile = profileOf(client, asked.scope);
  const held = expand(client.scope, sets);
  if (asked.scope === undefined) return { scope: held, audience, profile };
  return { scope: within(held.map(parseScopeValue), expand(asked.scope, sets), profile), audience, profile };
}

/**
 * What was granted, as far as the client may still have it: registrations change.
 * @throws {Refused} invalid_scope, invalid_target
 */
export function admitAgain(client: ClientRights, granted: Granted, sets: CapabilitySets): Granted {
  refuseBeyond(client, granted, sets);
  return { ...granted, audience: audienceOf(client, granted.audience) };
}

/**
 * Refuses what a client may not have, in a profile that was not chosen by it.
 * @throws {Refused} invalid_scope
 */
export function refuseBeyond(client: ClientRights, { scope, profile }: Granted, sets: CapabilitySets): void {
  const spoken = profile === "wlcg" && client.scope.some(switchesProfile) ? profile : client.profile;
  const rights = { values: expand(client.scope, sets).map(parseScopeValue), language: languageOf(spoken) };
  for (const text of scope) if (!permits(rights, parseScopeValue(text), languageOf(profile))) throw beyond(text);
}

/**
 * What of that a user can give: what both may have, so that `read:/` of a user who has `read:/home/ada` becomes that.
 * @throws {Refused} access_denied where nothing is left
 */
export function grantBy(user: UserRights, granted: Granted): Granted {
  const language = languageOf(granted.profile);
  const rights = user.scope && { values: user.scope.map(parseScopeValue), language: languageOf(user.profile) };
  const scope = granted.scope.map(parseScopeValue).flatMap((value): readonly string[] => {
    if (asksForGroups(value)) return isMember(user, value) ? [value.text] : [];
    if (rights === undefined || isOfTheIssuer(value) || permits(rights, value, language)) return [value.text];
    return commonTo(rights, value, language);
  });
  if (scope.length === 0 && granted.scope.length > 0)
    throw new Refused("access_denied", "the user may have none of it");
  return { ...granted, scope: [...new Set(scope)] };
}

/**
 * Less of a grant, or all of it where nothing is asked for.
 * @throws {Refused} invalid_scope, invalid_target where more is asked for
 */
export function narrow(granted: Granted, asked: Asked, sets: CapabilitySets): Granted {
  const { profile, audience } = granted;
  const open = audience.length === 0 || audience.includes(anyAudience(profile));
  const stray = asked.audience.find((name) => !open && !audience.includes(name));
  if (stray !== undefined) throw new Refused("invalid_target", `the audience ${quote(stray)} was not granted`);
  return {
    scope:
      asked.scope === undefined
        ? granted.scope
        : within(granted.scope.map(parseScopeValue), expand(asked.scope, sets), profile),
    audience: asked.audience.length === 0 ? audience : asked.audience,
    profile,
  };
}

/** Leaves out what is about a person, where there is none (client credentials). */
export function withoutPerson(granted: Granted): Granted {
  const scope = granted.scope.filter(
    (text) => !isOfTheIssuer(parseScopeValue(text)) || text.startsWith("wlcg:") || text === "wlcg",
  );
  return { ...granted, scope };
}

function within(held: readonly ScopeValue[], asked: readonly string[], profile: OAuthProfile): readonly string[] {
  for (const text of asked) {
    const value = parseScopeValue(text);
    if (!coveredBy(held, value, languageOf(profile))) throw beyond(text);
  }
  return asked;
}

function beyond(text: string): Refused {
  return new Refused("invalid_scope", `${quote(text)} is more than may be asked for`);
}

/** The audiences of a request, or where it names none the client's own. */
function audienceOf({ audience: allowed }: ClientRights, asked: readonly string[]): readonly string[] {
  const stray = allowed && asked.find((audience) => !allowed.includes(audience));
  if (stray === undefined) return asked.length > 0 ? asked : (allowed ?? []);
  throw new Refused("invalid_target", `the client may not ask for the audience ${quote(stray)}`);
}

/**
 * A client that asks for `wlcg`, a version of it, groups or a capability set wants a WLCG token; else it is the client's kind.
 *
 * A set only where the client has it by name: whoever has what is in it has it in the words of their own profile.
 */
function profileOf(client: ClientRights, scope: readonly string[] = []): OAuthProfile {
  const switches = (text: string): boolean => switchesProfile(text) && (!namesSet(text) || client.scope.includes(text));
  return scope.some(switches) ? "wlcg" : client.profile;
}

function switchesProfile(text: string): boolean {
  return /^wlcg(?::1\.\d+|\.groups(?::.*)?)?$/.test(text) || namesSet(text);
}

function isMember(user: UserRights, { path, text }: ScopeValue): boolean {
  return path === undefined ? user.groups.length > 0 : user.groups.includes(text.slice(text.indexOf(":") + 1));
}
