// The options of a protected route, checked once and frozen. Rules H4, H8, H9, S7, I15.
import { checkOptionNames, refuseInherited } from "../base/option-names.js";
import { booleanOr } from "../enforcer/check-option.js";
import type { Decider } from "../enforcer/decide.js";
import { deciderOf } from "../enforcer/enforcer.js";
import type { Enforcer } from "../enforcer/enforcer-type.js";
import type { EnforcerOptions } from "../enforcer/option-types.js";
import { ENFORCER_OPTION_NAMES } from "../enforcer/options.js";
import { sharedEnforcer } from "../enforcer/shared.js";
import type { RouteRule } from "./enforce-rule.js";
import { checkPolicies, hasRules } from "./policies.js";
import type { GroupRule, HostRule } from "./policies.js";
import type { ChallengeOptions } from "./refusal.js";
import { prepareRule, writtenScope } from "./prepare-rule.js";
import { checkMetadataUrl, createResourceMetadata } from "./resource-metadata.js";
import type { ResourceMetadataOptions } from "./resource-metadata.js";
import type { ScopeRule } from "./scope-rule.js";

/** What a route asks of a request, whoever verifies the token. */
export interface RouteOptions<Req = unknown> {
  /** What the token must grant. Without it, any good token is enough. */
  readonly scope?: ScopeRule<Req>;
  /**
   * For WLCG tokens without a capability, whose scopes then have no say (S7): any member of these groups may do what the route
   * asks for, or what a rule allows its group. Paths in rules are relative to the issuer's area.
   */
  readonly groups?: readonly (string | GroupRule)[];
  /** Likewise, what hosts may do whose tokens say `host.auth` (WLCG 2.2.4). */
  readonly hosts?: readonly HostRule[];
  /**
   * Lets a request without credentials through, without a token and whatever it asks for: what anybody may do is for the
   * handler to say. A bad token is still refused (H8). Default false.
   */
  readonly optional?: boolean;
  /**
   * `report`: decides and records, and lets every request through, with its token if that is good. PROTECTS NOTHING; for
   * services that change over from another protection. Said by a process warning, an event and `status()`. Default `enforce`.
   */
  readonly mode?: "enforce" | "report";
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
  readonly mode: "enforce" | "report";
  readonly challenge: ChallengeOptions;
}

/** The names of RouteOptions. */
export const ROUTE_OPTION_NAMES: readonly string[] = [
  "scope",
  "groups",
  "hosts",
  "optional",
  "mode",
  "realm",
  "resourceMetadata",
];

const OPTION_NAMES = [...ROUTE_OPTION_NAMES, "enforcer", ...ENFORCER_OPTION_NAMES];

/** Refuses what a copy would not have. @throws {TypeError} */
export function checkOwnOptions(options: object): void {
  refuseInherited("protect", options, OPTION_NAMES);
}

/**
 * Checks a route's options. Equal enforcer options share one enforcer, and so its keys and verdicts (I15).
 * @throws {TypeError} for a wrong option, which it names
 */
export function createProtection<Req>(options: ProtectOptions<Req, unknown>): Protection<Req> {
  const protection = checkProtection(options);
  const { scope, policies } = protection.rule;
  if (scope === undefined && policies !== undefined && hasRules(policies)) {
    throw new TypeError("scope: expected beside rules for groups or hosts: it says what a request asks for");
  }
  if (protection.mode === "report") protection.decider.reportOnly();
  return protection;
}

/** The same of options that routes will add to: a scope may yet come. @throws {TypeError} */
export function checkProtection<Req>(options: ProtectOptions<Req, unknown>): Protection<Req> {
  const given = "enforcer" in options;
  checkOptionNames("protect", options, [...ROUTE_OPTION_NAMES, ...(given ? ["enforcer"] : ENFORCER_OPTION_NAMES)]);
  checkOwnOptions(options);
  refuseUndefined(options);
  const enforcer = given ? options.enforcer : sharedEnforcer(without(options) as unknown as EnforcerOptions);
  const decider = deciderOf(enforcer);
  const scope = options.scope === undefined ? undefined : prepareRule(options.scope, decider.takesBareNames);
  const { issuers } = decider.names;
  const { groups, hosts } = options;
  return Object.freeze({
    enforcer,
    decider,
    rule: Object.freeze({ scope, policies: checkPolicies({ groups, hosts, issuers }) }),
    optional: booleanOr("optional", options.optional, false),
    mode: checkMode(options.mode),
    challenge: Object.freeze({
      realm: checkRealm(options.realm),
      scope: scope && writtenScope(scope),
      resourceMetadata: metadataUrl(options.resourceMetadata, decider),
    }),
  });
}

/** A scope that was meant to come from somewhere and did not would leave the route open to any good token. */
function refuseUndefined(options: Pick<RouteOptions<never>, "scope" | "groups" | "hosts">): void {
  for (const name of ["scope", "groups", "hosts"] as const) {
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

function checkMode(mode: unknown = "enforce"): "enforce" | "report" {
  if (mode === "enforce" || mode === "report") return mode;
  throw new TypeError("mode: expected 'enforce' or 'report'");
}

function checkRealm(realm = "scitokens"): string {
  if (typeof realm === "string" && /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(realm)) return realm;
  throw new TypeError("realm: expected printable ASCII without quotes and backslashes");
}
