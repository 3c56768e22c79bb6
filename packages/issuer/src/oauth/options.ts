// The options of the OAuth issuer, checked and completed once, where it is started.
import { checkNames, oneOf, OptionError, wholeNumber } from "../options.js";
import type { DevIssuerOptions } from "../server/dev-options.js";
import { DEV_OPTIONS } from "../server/dev-options.js";
import { checkClients } from "./client-options.js";
import type { ClientSettings, OAuthClient } from "./client-options.js";
import type { CapabilitySets } from "./grants/capability-sets.js";
import type { OAuthProfile } from "./grants/grant.js";
import { checkAudiences, checkProfile } from "./option-lists.js";
import { checkCapabilitySets } from "./set-options.js";
import { checkUsers } from "./user-options.js";
import type { OAuthUser, UserSettings } from "./user-options.js";

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

/** Checks and completes what is not of every development issuer. */
export function checkOAuthOptions(options: OAuthIssuerOptions): OAuthSettings {
  checkNames(options, [...DEV_OPTIONS, ...OPTIONS], "option");
  const { profile: kind = "scitokens-2", capabilitySets: sets = {}, approve = "ask", lifetimes = {} } = options;
  const { users: people = [{ sub: "alice", groups: ["/demo", "/demo/analysts"] }] } = options;
  const profile = checkProfile(kind);
  const capabilitySets = checkCapabilitySets(sets);
  const clients = checkClients(options.clients, { profile, sets: capabilitySets });
  const users = checkUsers(people, { profile, sets: capabilitySets });
  const both = clients.find(({ clientId }) => users.some(({ sub }) => sub === clientId));
  if (both !== undefined)
    throw new OptionError(
      `the clientId '${both.clientId}' is also the sub of a user: tokens could not tell them apart`,
    );
  return {
    profile,
    clients,
    users,
    capabilitySets,
    audience: options.audience === undefined ? [] : checkAudiences(options.audience, "audience"),
    approve: oneOf(approve, ["ask", "everyone"] as const, "approve"),
    lifetimes: checkLifetimes(lifetimes),
  };
}

function checkLifetimes(lifetimes: OAuthLifetimes): OAuthSettings["lifetimes"] {
  const names = Object.keys(LIFETIMES);
  checkNames(lifetimes, names, "option");
  const given = Object.entries(lifetimes).filter(([, seconds]) => seconds !== undefined);
  const checked = given.map(([name, seconds]) => [name, wholeNumber(seconds, `${name} (seconds)`, 1, 10 * 365 * DAY)]);
  return { ...LIFETIMES, ...Object.fromEntries(checked) };
}
