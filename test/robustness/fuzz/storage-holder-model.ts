// Who holds which right where: a token by its capabilities, or by what the server gives its groups or its host. Rules
// S1 to S8, S10, and the WLCG profile's 2.2.2 to 2.2.4.
import { isRefused, isWithin, readDecoded, readEncoded, write } from "./path-model.js";
import type { ModelPath } from "./path-model.js";
import { grants, readScope } from "./scope-model.js";
import type { Capability, Language } from "./scope-model.js";

export interface ModelToken {
  readonly language: Language;
  readonly scope: string;
  readonly issuer: string;
  readonly subject: string;
  readonly groups: readonly string[];
}

export interface ModelRule {
  readonly allow: readonly string[];
  readonly except?: readonly string[];
}
export type GroupRule = string | (ModelRule & { readonly group: string; readonly issuer?: string });
export type HostRule = ModelRule & { readonly issuer: string; readonly subject: string };

export interface Site {
  readonly equivalence: boolean;
  readonly audiences: readonly string[];
  /** The issuer's base paths, decoded; none: all is its area. */
  readonly areas: readonly string[];
  readonly groups?: readonly GroupRule[];
  readonly hosts?: readonly HostRule[];
}

/** R3: any of these names will do. */
const NAMES = {
  read: ["storage.read", "read"],
  stat: ["storage.read", "read", "storage.create", "storage.modify", "storage.stage", "write"],
  create: ["storage.create", "storage.modify", "write"],
  mkdir: ["storage.create", "storage.modify", "write"],
  modify: ["storage.modify", "write"],
} as const;
export type Rights = typeof NAMES;
type Right = keyof Rights;

export interface Holder {
  /** S7: judged by groups, and in none that counts: refused whatever is asked. */
  readonly isNobody: boolean;
  readonly areas: readonly ModelPath[];
  /** `deep`: on all that is below as well. */
  readonly may: (right: Right, path: ModelPath, deep: boolean) => boolean;
}

/** Undefined: the token is not good (S2, S3). */
export function holderOf(token: ModelToken, site: Site): Holder | undefined {
  const held = readScope(token.scope, token.language);
  if (held === undefined) return undefined;
  const areas = site.areas.map(pathOf);
  if (isJudgedByCapabilities(token, held, site)) {
    return {
      isNobody: false,
      areas,
      may: (right, path) => hasCapability({ held, language: token.language, site }, right, path),
    };
  }
  const rules = [...ofGroups(token, site.groups ?? []), ...ofHosts(token, held, site.hosts ?? [])];
  return {
    isNobody: rules.length === 0,
    areas,
    may: (right, path, deep) => rules.some((rule) => rule === "all" || gives(rule, { right, path, deep })),
  };
}

/** S7, S10: groups are for WLCG tokens without one WLCG capability, whatever that is about; hosts are for those that say so. */
function isJudgedByCapabilities({ language }: ModelToken, held: readonly Capability[], site: Site): boolean {
  const hasRules = site.groups !== undefined || (site.hosts !== undefined && saysHost(held));
  if (language !== "wlcg" || !hasRules) return true;
  return held.some(({ name, opaque }) => !opaque && (name.startsWith("storage.") || name.startsWith("compute.")));
}

const saysHost = (held: readonly Capability[]): boolean =>
  held.some(({ name, path }) => name === "host.auth" && path === undefined);

interface Held {
  readonly held: readonly Capability[];
  readonly language: Language;
  readonly site: Site;
}

function hasCapability({ held, language, site }: Held, right: Right, path: ModelPath): boolean {
  const names: readonly string[] = NAMES[right];
  const granted = names.some(
    (authz) => grants(held, { authz, path: write(path) }, { language, equivalence: site.equivalence }) === true,
  );
  return granted || (right === "mkdir" && held.some((one) => names.includes(one.name) && leadsTo(path, one.path)));
}

/** R3: the directories that lead to a granted path are made with it. */
function leadsTo(path: ModelPath, granted: ModelPath | undefined): boolean {
  if (granted === undefined || granted.names.length <= path.names.length) return false;
  return path.names.every((name, i) => granted.names[i] === name);
}

type Applies = ModelRule | "all";

/** S7: exact names, and those of the rule's issuer. */
function ofGroups({ groups, issuer }: ModelToken, rules: readonly GroupRule[]): readonly Applies[] {
  const given: Applies[] = [];
  for (const rule of rules) {
    if (typeof rule === "string") {
      if (groups.includes(rule)) given.push("all");
    } else if (groups.includes(rule.group) && (rule.issuer === undefined || rule.issuer === issuer)) given.push(rule);
  }
  return given;
}

/** S10: the token says itself that its subject is a host. */
function ofHosts(token: ModelToken, held: readonly Capability[], rules: readonly HostRule[]): readonly Applies[] {
  if (!saysHost(held)) return [];
  return rules.filter(({ issuer, subject }) => issuer === token.issuer && subject === token.subject);
}

interface Asked {
  readonly right: Right;
  readonly path: ModelPath;
  readonly deep: boolean;
}

/** Allowed by a name that is not excepted. */
function gives({ allow, except = [] }: ModelRule, { right, path, deep }: Asked): boolean {
  const names: readonly string[] = NAMES[right];
  return names.some((name) => {
    const covered = places(allow, name).some(
      (place) => isWithin(path, place) || (right === "mkdir" && leadsTo(path, place)),
    );
    if (!covered) return false;
    return places(except, name).every((place) => !isWithinOrAt(path, place) && !(deep && isAbove(path, place)));
  });
}

/** An exception of a directory is one of whatever has its name. */
const isWithinOrAt = (path: ModelPath, { names }: ModelPath): boolean => isWithin(path, { names, directory: false });

/** What touches a whole tree touches what is excepted in it. */
function isAbove(path: ModelPath, place: ModelPath): boolean {
  return path.names.length <= place.names.length && path.names.every((name, i) => place.names[i] === name);
}

/** S5, both ways and at once: these are the server's own words, not a token's. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  read: ["read", "storage.read"],
  "storage.read": ["read", "storage.read"],
  write: ["write", "storage.modify", "storage.create"],
  "storage.modify": ["write", "storage.modify", "storage.create"],
};

function places(entries: readonly string[], name: string): readonly ModelPath[] {
  return entries.flatMap((entry) => {
    const [authz = "", path = ""] = entry.split(/:(.*)/s);
    const read = readEncoded(path);
    if (isRefused(read)) throw new Error(`expected a good rule: ${entry}`);
    return (SAME[authz] ?? [authz]).includes(name) ? [read] : [];
  });
}

export function pathOf(text: string): ModelPath {
  const read = readDecoded(text);
  if (isRefused(read)) throw new Error(`expected a good path: ${text}`);
  return read;
}
