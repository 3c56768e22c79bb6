// What a route itself allows to groups and to hosts, for tokens that carry no capability: options checked once, and looked up
// for a token. WLCG 2.2.2 to 2.2.4, rules S7, S10.
import { checkOptionNames } from "../base/option-names.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { GROUP } from "../profiles/wlcg.js";
import { parsePolicy } from "../scopes/policy.js";
import type { Policy, PolicyOptions } from "../scopes/policy.js";

/** What the members of a group may do. */
export interface GroupRule extends PolicyOptions {
  /** Its name, as tokens say it. It says nothing of the groups above or below it. */
  readonly group: string;
  /** Whose group it is. Required where several issuers are trusted. */
  readonly issuer?: string;
}

/** What a host may do: a service that gets tokens by client credentials, whose `scope` says `host.auth` (WLCG 2.2.4). */
export interface HostRule extends PolicyOptions {
  readonly issuer: string;
  /** Its `sub`, as `host:transfer.example.org`. */
  readonly subject: string;
}

interface BoundPolicy {
  /** Undefined: of any issuer. */
  readonly issuer: string | undefined;
  readonly name: string;
  readonly policy: Policy | "whatever is asked";
  readonly grounds: { readonly group: string } | { readonly host: string };
}

export interface Policies {
  readonly groups: readonly BoundPolicy[];
  readonly hosts: readonly BoundPolicy[];
}

export interface PolicyGivens {
  readonly groups?: readonly (string | GroupRule)[] | undefined;
  readonly hosts?: readonly HostRule[] | undefined;
  /** Who is trusted. */
  readonly issuers: readonly string[];
}

/** @throws {TypeError} */
export function checkPolicies({ groups, hosts, issuers }: PolicyGivens): Policies | undefined {
  if (groups === undefined && hosts === undefined) return undefined;
  return Object.freeze({
    groups: groups === undefined ? [] : checkGroups(groups, issuers),
    hosts: hosts === undefined ? [] : checkHosts(hosts, issuers),
  });
}

/** Whether there are rules, which allow a part of what may be asked. */
export function hasRules({ groups, hosts }: Policies): boolean {
  return [...groups, ...hosts].some(({ policy }) => policy !== "whatever is asked");
}

/** Whether these have a say of a token without a capability: groups of any, hosts of one that says it is a host's. */
export function concern({ groups, hosts }: Policies, token: SciToken): boolean {
  return groups.length > 0 || (hosts.length > 0 && isHost(token));
}

function isHost(token: SciToken): boolean {
  return token.scopes.includes("host.auth");
}

/** What is for a token, by its groups and its subject. */
export function policiesFor({ groups, hosts }: Policies, token: SciToken): readonly BoundPolicy[] {
  const held = groups.length === 0 ? [] : token.groups;
  return [
    ...groups.filter(({ name, issuer }) => held.includes(name) && (issuer ?? token.issuer) === token.issuer),
    ...(isHost(token) ? hosts.filter(({ name, issuer }) => name === token.subject && issuer === token.issuer) : []),
  ];
}

function checkGroups(given: readonly (string | GroupRule)[], issuers: readonly string[]): readonly BoundPolicy[] {
  return checkList("groups", given, "group names, as '/cms/uscms', or of rules").map((rule) => {
    if (typeof rule === "string") return boundTo({ name: checkGroup(rule), policy: "whatever is asked" });
    checkOptionNames("groups", rule, ["group", "issuer", "allow", "except"]);
    refuseUndefined("groups", rule);
    const name = checkGroup(rule.group);
    if (rule.issuer === undefined && issuers.length > 1) {
      throw new TypeError(`groups: '${name}': expected issuer: several are trusted, and each has groups of its own`);
    }
    const issuer = rule.issuer === undefined ? undefined : checkIssuer("groups", rule.issuer, issuers);
    return boundTo({ name, issuer, policy: parsePolicy(`groups: '${name}'`, rule) });
  });
}

function boundTo({ name, policy, issuer }: Pick<BoundPolicy, "name" | "policy"> & Partial<BoundPolicy>): BoundPolicy {
  return Object.freeze({ issuer, name, policy, grounds: { group: name } });
}

function checkHosts(given: readonly HostRule[], issuers: readonly string[]): readonly BoundPolicy[] {
  return checkList("hosts", given, "rules").map((rule) => {
    checkOptionNames("hosts", rule, ["issuer", "subject", "allow", "except"]);
    refuseUndefined("hosts", rule);
    const { subject } = rule;
    if (typeof subject !== "string" || subject === "") {
      throw new TypeError("hosts: expected a subject, as 'host:transfer.example.org'");
    }
    const issuer = checkIssuer("hosts", rule.issuer, issuers);
    const policy = parsePolicy(`hosts: '${subject}'`, rule);
    return Object.freeze({ issuer, name: subject, policy, grounds: { host: subject } });
  });
}

/** An exception that was meant to come from somewhere and did not would leave all of it open. */
function refuseUndefined(option: string, rule: object): void {
  for (const [name, value] of Object.entries(rule)) {
    if (value === undefined) throw new TypeError(`${option}: ${name}: expected a value, not undefined; leave it out`);
  }
}

function checkList<T>(option: string, given: readonly T[], what: string): readonly T[] {
  if (!Array.isArray(given) || given.length === 0) throw new TypeError(`${option}: expected a list of ${what}`);
  return [...(given as readonly T[])]; // a hole is undefined, and refused as such
}

function checkGroup(name: unknown): string {
  if (typeof name === "string" && GROUP.test(name)) return name;
  throw new TypeError("groups: expected WLCG group names, as '/cms/uscms'");
}

function checkIssuer(option: string, issuer: unknown, issuers: readonly string[]): string {
  if (typeof issuer === "string" && issuers.includes(issuer)) return issuer;
  throw new TypeError(`${option}: expected an issuer that is trusted here: ${issuers.join(", ")}`);
}
