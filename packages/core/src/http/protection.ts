// The options of a protected route, checked once and frozen. Rules H4, H8, S7, I15.
import { checkOptionNames } from "../base/option-names.js";
import { booleanOr } from "../enforcer/check-option.js";
import type { Decider } from "../enforcer/decide.js";
import { deciderOf } from "../enforcer/enforcer.js";
import type { Enforcer } from "../enforcer/enforcer-type.js";
import type { EnforcerOptions } from "../enforcer/option-types.js";
import { ENFORCER_OPTION_NAMES } from "../enforcer/options.js";
import { sharedEnforcer } from "../enforcer/shared.js";
import { GROUP } from "../profiles/wlcg.js";
import type { RouteRule } from "./enforce-rule.js";
import type { ChallengeOptions } from "./refusal.js";
import { prepareRule, writtenScope } from "./requirement.js";
import { checkMetadataUrl, createResourceMetadata } from "./resource-metadata.js";
import type { ResourceMetadataOptions } from "./resource-metadata.js";
import type { ScopeRule } from "./scope-rule.js";

/** What a route asks of a request, whoever verifies the token. */
export interface RouteOptions<Req = unknown> {
  /** What the token must grant. Without it, any good token is enough. */
  readonly scope?: ScopeRule<Req>;
  /** Any of these WLCG groups, for tokens without a WLCG capability (S7). */
  readonly groups?: readonly string[];
  /** Lets a request without credentials through, without a token; a bad token is still refused (H8). Default false. */
  readonly optional?: boolean;
  /** The protection space named in challenges (RFC 9110 11.5). Default `scitokens`. */
  readonly realm?: string;
  /**
   * What clients without a token are told of this server (RFC 9728), and its place named in challenges. The URL of the
   * document, where something else serves it. Default: no metadata.
   */
  readonly resourceMetadata?: ResourceMetadataOptions | string;
}

/** A route's options, and who is trusted: the enforcer's options, or an enforcer that the application owns. */
export type ProtectOptions<Req = unknown, C = {}> = RouteOptions<Req> &
  (EnforcerOptions<C> | EnforcerOptions | { readonly enforcer: Enforcer<C> });

/** Checked options. Made once for a route; asked for each request. */
export interface Protection<Req = unknown> {
  readonly enforcer: Enforcer;
  readonly decider: Decider;
  readonly rule: RouteRule<Req>;
  readonly optional: boolean;
  readonly challenge: ChallengeOptions;
}

/** The names of RouteOptions. */
export const ROUTE_OPTION_NAMES: readonly string[] = ["scope", "groups", "optional", "realm", "resourceMetadata"];

/**
 * Checks a route's options. Equal enforcer options share one enforcer, and so its keys and verdicts (I15).
 * @throws {TypeError} for a wrong option, which it names
 */
export function createProtection<Req>(options: ProtectOptions<Req, unknown>): Protection<Req> {
  const given = "enforcer" in options;
  checkOptionNames("protect", options, [...ROUTE_OPTION_NAMES, ...(given ? ["enforcer"] : ENFORCER_OPTION_NAMES)]);
  refuseUndefined(options);
  const enforcer = given ? options.enforcer : sharedEnforcer(without(options) as unknown as EnforcerOptions);
  const decider = deciderOf(enforcer);
  const scope = options.scope === undefined ? undefined : prepareRule(options.scope, decider.takesBareNames);
  return Object.freeze({
    enforcer,
    decider,
    rule: Object.freeze({ scope, groups: checkGroups(options.groups) }),
    optional: booleanOr("optional", options.optional, false),
    challenge: Object.freeze({
      realm: checkRealm(options.realm),
      scope: scope && writtenScope(scope),
      resourceMetadata: metadataUrl(options.resourceMetadata, decider),
    }),
  });
}

/** A scope that was meant to come from somewhere and did not would leave the route open to any good token. */
function refuseUndefined(options: { readonly scope?: unknown; readonly groups?: unknown }): void {
  for (const name of ["scope", "groups"] as const) {
    if (Object.hasOwn(options, name) && options[name] === undefined) {
      throw new TypeError(`${name}: expected a value, not undefined; leave it out if any good token is enough`);
    }
  }
}

function without(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ROUTE_OPTION_NAMES.includes(name)));
}

function metadataUrl(given: RouteOptions["resourceMetadata"], { names }: Decider): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string") return checkMetadataUrl("resourceMetadata", given).href;
  return createResourceMetadata(given, names).url;
}

function checkGroups(groups: readonly string[] | undefined): readonly string[] | undefined {
  if (groups === undefined) return undefined;
  if (!Array.isArray(groups) || groups.length === 0 || !groups.every((name) => GROUP.test(String(name)))) {
    throw new TypeError("groups: expected a list of WLCG group names, as '/cms/uscms'");
  }
  return Object.freeze([...groups]);
}

function checkRealm(realm = "scitokens"): string {
  if (typeof realm === "string" && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(realm)) return realm;
  throw new TypeError("realm: expected printable ASCII without quotes and backslashes");
}
