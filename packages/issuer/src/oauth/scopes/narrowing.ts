// What may be asked for by whoever holds something: equal, or narrower, and never wider. Rules S4 to S7, ADR 0015.
import { needsPath } from "./scope-value.js";
import type { ScopePath, ScopeValue } from "./scope-value.js";

/** Whose names a token speaks: it decides which name includes which (S5). */
export type ScopeLanguage = "scitokens" | "wlcg";

/** Beside itself, what each name includes whole: a token that says the first grants all of the second anyway. */
const INCLUDES: Readonly<Record<ScopeLanguage, Readonly<Record<string, readonly string[]>>>> = {
  scitokens: {
    read: ["storage.read"],
    write: ["storage.modify", "storage.create", "create", "modify"],
  },
  wlcg: {
    "storage.read": ["read"],
    "storage.modify": ["storage.create", "write", "create", "modify"],
    "storage.create": ["create"],
    "storage.stage": ["storage.poll"],
  },
};

/** Values that are about the issuing, or the person, not about what a service lets one do. */
const OF_THE_ISSUER: ReadonlySet<string> = new Set(["openid", "profile", "offline_access", "wlcg"]);
const GROUPS = "wlcg.groups";

/** Whether the value is for the issuer alone: it names no capability. */
export function isOfTheIssuer({ name, text }: ScopeValue): boolean {
  return OF_THE_ISSUER.has(text) || name === GROUPS || text.startsWith("wlcg:");
}

/** Whether the value asks for groups (WLCG 2.2.2): all of them, or one by its name. */
export function asksForGroups({ name }: ScopeValue): boolean {
  return name === GROUPS;
}

/**
 * Whether whoever holds the one may have the other.
 *
 * Not a comparison of texts: `read:/ab` begins with `read:/a` and is another place.
 */
export function covers(held: ScopeValue, asked: ScopeValue, language: ScopeLanguage): boolean {
  if (held.text === asked.text) return true;
  if (held.name === GROUPS) return asked.name === GROUPS && held.path === undefined; // groups have no parents (S7)
  if (isOfTheIssuer(held)) return false;
  if (held.name !== asked.name && !includedIn(held.name, language).includes(asked.name)) return false;
  if (held.path === undefined) return coversAnyPath(held) && asked.path !== undefined;
  return asked.path !== undefined && isBelow(asked.path, held.path);
}

/** Whether one of many held values covers what is asked. */
export function coveredBy(held: readonly ScopeValue[], asked: ScopeValue, language: ScopeLanguage): boolean {
  return held.some((value) => covers(value, asked, language));
}

/** The names that `name` includes beside itself. */
export function includedIn(name: string, language: ScopeLanguage): readonly string[] {
  const names = INCLUDES[language];
  return Object.hasOwn(names, name) ? (names[name] ?? []) : [];
}

/** Whether `path` is `above` or below it, segment by segment (S4). */
function isBelow(path: ScopePath, above: ScopePath): boolean {
  if (!above.segments.every((segment, i) => segment === path.segments[i])) return false;
  return path.segments.length > above.segments.length || path.directory || !above.directory;
}

/** A capability without a path covers every path (S6); not so a name that needs one, nor `name:rest`. */
function coversAnyPath({ name }: ScopeValue): boolean {
  return !needsPath(name) && !name.includes(":");
}
