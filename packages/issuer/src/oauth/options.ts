// The options of the OAuth issuer, checked and completed once, where it is started.
import { checkNames, isRecord, nonEmptyString, oneOf, OptionError, wholeNumber } from "../options.js";
import type { DevIssuerOptions } from "../server/dev-options.js";
import { DEV_OPTIONS } from "../server/dev-options.js";
import { checkClients } from "./client-options.js";
import type { ClientSettings, OAuthClient } from "./client-options.js";
import type { OAuthProfile, UserRights } from "./grants/grant.js";
import type { CapabilitySets } from "./grants/policy.js";
import { checkScope, checkTexts } from "./option-lists.js";

/** A person whom the issuer knows. There are no passwords: whoever is asked says who they are. */
export interface OAuthUser {
  /** The claim `sub`. */
  readonly sub: string;
  /** For the page, and for userinfo. Default: `sub`. */
  readonly name?: string | undefined;
  /** WLCG groups, such as '/cms/uscms'. Default: none. */
  readonly groups?: readonly string[] | undefined;
  /** What the user may have at most. Default: whatever the client may have. */
  readonly scope?: string | readonly string[] | undefined;
}

/** How long things live, in seconds. */
export interface OAuthLifetimes {
  /** Default: 600. */
  readonly accessToken?: number | undefined;
  /** Default: 14 days. */
  readonly refreshToken?: number | undefined;
  /** Default: 600. */
  readonly deviceCode?: number | undefined;
  /** Default: 60. */
  readonly authorizationCode?: number | undefined;
}

/** Options of `startOAuthIssuer`. */
export interface OAuthIssuerOptions extends DevIssuerOptions {
  /** Default: a public client 'demo' for people, and 'demo-service' with the secret 'demo-secret' for programs. */
  readonly clients?: readonly OAuthClient[] | undefined;
  /** Default: alice, of the groups /demo and /demo/analysts. */
  readonly users?: readonly OAuthUser[] | undefined;
  /** Of the tokens of clients that do not say. Default: 'scitokens-2'. */
  readonly profile?: OAuthProfile | undefined;
  /** The claim `aud` where a request names none. Default: what means any service in the token's profile. */
  readonly audience?: string | readonly string[] | undefined;
  /** Scopes for the name of a set: `{ '/production': ['storage.modify:/'] }` for wlcg.capabilityset:/production. Default: none. */
  readonly capabilitySets?: CapabilitySets | undefined;
  /** 'ask': a person allows each request on a page; 'everyone': the first user allows all, at once. Default: 'ask'. */
  readonly approve?: "ask" | "everyone" | undefined;
  /** PEM; with it the issuer speaks https, without it http. */
  readonly tls?: { readonly key: string | Uint8Array; readonly cert: string | Uint8Array } | undefined;
  readonly lifetimes?: OAuthLifetimes | undefined;
}

/** A user, completed. */
export interface UserSettings extends UserRights {
  readonly name: string;
}

/** Checked options. */
export interface OAuthSettings {
  readonly clients: readonly ClientSettings[];
  readonly users: readonly [UserSettings, ...UserSettings[]];
  readonly profile: OAuthProfile;
  readonly audience: readonly string[];
  readonly capabilitySets: CapabilitySets;
  readonly approve: "ask" | "everyone";
  readonly lifetimes: { readonly [Name in keyof Required<OAuthLifetimes>]: number };
}

const OPTIONS = ["clients", "users", "profile", "audience", "capabilitySets", "approve", "tls", "lifetimes"];
const DAY = 86_400;
const LIFETIMES: OAuthSettings["lifetimes"] = {
  accessToken: 600,
  refreshToken: 14 * DAY,
  deviceCode: 600,
  authorizationCode: 60,
};
const GROUP = /^(?:\/[a-zA-Z0-9][a-zA-Z0-9_.-]*)+$/; // WLCG 2.2.2

/** Checks and completes what is not of every development issuer. */
export function checkOAuthOptions(options: OAuthIssuerOptions): OAuthSettings {
  checkNames(options, [...DEV_OPTIONS, ...OPTIONS], "option");
  const profile = checkProfile(options.profile ?? "scitokens-2");
  return {
    profile,
    clients: checkClients(options.clients, profile),
    users: checkUsers(options.users ?? [{ sub: "alice", groups: ["/demo", "/demo/analysts"] }]),
    audience: options.audience === undefined ? [] : checkTexts(options.audience, "audience"),
    capabilitySets: checkSets(options.capabilitySets ?? {}),
    approve: oneOf(options.approve ?? "ask", ["ask", "everyone"] as const, "approve"),
    lifetimes: checkLifetimes(options.lifetimes ?? {}),
  };
}

/** Narrows `value` to a profile that the OAuth issuer mints. */
export function checkProfile(value: unknown): OAuthProfile {
  return oneOf(value, ["scitokens-2", "wlcg"] as const, "profile");
}

function checkUsers(users: unknown): OAuthSettings["users"] {
  const [first, ...others] = Array.isArray(users) ? users.map(checkUser) : [];
  if (first === undefined) throw new OptionError("users must be a list of at least one user");
  const names = [first, ...others].map(({ sub }) => sub);
  if (new Set(names).size < names.length) throw new OptionError("users must have different subs");
  return [first, ...others];
}

function checkUser(user: unknown): UserSettings {
  checkNames(user, ["sub", "name", "groups", "scope"], "option");
  const { sub, name, groups = [], scope } = user as OAuthUser;
  const known = checkTexts(groups, "groups");
  const odd = known.find((group) => !GROUP.test(group));
  if (odd !== undefined) throw new OptionError(`groups must be names such as '/cms/uscms', unlike '${odd}'`);
  return {
    sub: nonEmptyString(sub, "sub"),
    name: nonEmptyString(name ?? sub, "name"),
    groups: known,
    scope: scope === undefined ? undefined : checkScope(scope, "scope"),
  };
}

function checkSets(sets: unknown): CapabilitySets {
  if (!isRecord(sets)) throw new OptionError("capabilitySets must be an object of lists of scopes");
  return Object.fromEntries(
    Object.entries(sets).map(([name, scope]) => {
      if (!GROUP.test(name))
        throw new OptionError(`a capability set has a name such as '/production', unlike '${name}'`);
      return [name, checkScope(scope, `capabilitySets['${name}']`)];
    }),
  );
}

function checkLifetimes(lifetimes: OAuthLifetimes): OAuthSettings["lifetimes"] {
  const names = Object.keys(LIFETIMES);
  checkNames(lifetimes, names, "option");
  const given = Object.entries(lifetimes).filter(([, seconds]) => seconds !== undefined);
  const checked = given.map(([name, seconds]) => [name, wholeNumber(seconds, `${name} (seconds)`, 1, 10 * 365 * DAY)]);
  return { ...LIFETIMES, ...Object.fromEntries(checked) };
}
