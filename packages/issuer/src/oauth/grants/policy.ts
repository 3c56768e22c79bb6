// Who may have what: a client up to its registration, a user up to their rights, a grant only less of itself. ADR 0015.
import { quote, Refused } from "../refused.js";
import { asksForGroups, coveredBy, isOfTheIssuer } from "../scopes/narrowing.js";
import { parseScopeValue } from "../scopes/scope-value.js";
import type { ScopeValue } from "../scopes/scope-value.js";
import { anyAudience, languageOf } from "./grant.js";
import type { Asked, ClientRights, Granted, OAuthProfile, UserRights } from "./grant.js";

/** The names of capability sets, such as '/production', with the scopes each stands for (WLCG 2.2.2). */
export type CapabilitySets = Readonly<Record<string, readonly string[]>>;

const CAPABILITY_SET = "wlcg.capabilityset";

/**
 * What a client may have of what it asks for: all of it, or the request is refused.
 * @throws {Refused} invalid_scope, invalid_target
 */
export function admit(client: ClientRights, asked: Asked, sets: CapabilitySets): Granted {
  const { audience: allowed } = client;
  const stray = allowed && asked.audience.find((audience) => !allowed.includes(audience));
  if (stray !== undefined)
    throw new Refused("invalid_target", `the client may not ask for the audience ${quote(stray)}`);
  const audience = asked.audience.length > 0 ? asked.audience : (allowed ?? []);
  const profile = profileOf(client, asked.scope);
  const held = expand(client.scope, sets);
  if (asked.scope === undefined) return { scope: held, audience, profile };
  return { scope: within(held.map(parseScopeValue), expand(asked.scope, sets), profile), audience, profile };
}

/**
 * What of that a user can give: what both may have, so that `read:/` of a user who has `read:/home/ada` becomes that.
 * @throws {Refused} access_denied where nothing is left
 */
export function grantBy(user: UserRights, granted: Granted): Granted {
  const language = languageOf(granted.profile);
  const held = user.scope?.map(parseScopeValue);
  const scope = granted.scope.map(parseScopeValue).flatMap((value): readonly string[] => {
    if (asksForGroups(value)) return isMember(user, value) ? [value.text] : [];
    if (held === undefined || isOfTheIssuer(value) || coveredBy(held, value, language)) return [value.text];
    return held.filter((less) => coveredBy([value], less, language)).map(({ text }) => text);
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
    if (!coveredBy(held, value, languageOf(profile)))
      throw new Refused("invalid_scope", `${quote(text)} is more than may be asked for`);
  }
  return asked;
}

/** Puts the capabilities in the place of each set's name. */
function expand(scope: readonly string[], sets: CapabilitySets): readonly string[] {
  const values = scope.flatMap((text) => {
    if (text !== CAPABILITY_SET && !text.startsWith(`${CAPABILITY_SET}:`)) return [text];
    const set = text.slice(CAPABILITY_SET.length + 1);
    const capabilities = Object.hasOwn(sets, set) ? sets[set] : undefined;
    if (capabilities === undefined) throw new Refused("invalid_scope", `${quote(text)} names no set of capabilities`);
    return capabilities;
  });
  return [...new Set(values)];
}

/** A client that asks for `wlcg`, a version of it, groups or a capability set wants a WLCG token; else it is the client's kind. */
function profileOf(client: ClientRights, scope: readonly string[] | undefined): OAuthProfile {
  const asks = scope?.some((text) => /^wlcg(?::1\.\d+|\.groups(?::.*)?|\.capabilityset(?::.*)?)?$/.test(text)) === true;
  return asks ? "wlcg" : client.profile;
}

function isMember(user: UserRights, { path, text }: ScopeValue): boolean {
  return path === undefined ? user.groups.length > 0 : user.groups.includes(text.slice(text.indexOf(":") + 1));
}
