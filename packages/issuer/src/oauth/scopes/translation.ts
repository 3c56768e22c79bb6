// The same word says more in one profile than in the other: rights of one, asked for in the words of the other. S5, ADR 0015.
import { coveredBy, includedIn } from "./narrowing.js";
import type { ScopeLanguage } from "./narrowing.js";
import { parseScopeValue } from "./scope-value.js";
import type { ScopeValue } from "./scope-value.js";

/** Scopes, and whose words they are. */
export interface Rights {
  readonly values: readonly ScopeValue[];
  readonly language: ScopeLanguage;
}

/** What the rights to jobs may say in the other words; a value of the left may not say all of the right. */
const JOBS: Readonly<Record<ScopeLanguage, Readonly<Record<string, readonly string[]>>>> = {
  scitokens: { condor: ["compute.read", "compute.create", "compute.modify", "compute.cancel"] },
  wlcg: {
    "compute.read": ["condor:/READ"],
    "compute.create": ["condor:/WRITE"],
    "compute.modify": ["condor:/WRITE"],
    "compute.cancel": ["condor:/WRITE"],
  },
};

/** Whether whoever has the rights may have `asked`, a value of a token that speaks `language`. */
export function permits(rights: Rights, asked: ScopeValue, language: ScopeLanguage): boolean {
  if (rights.language === language) return coveredBy(rights.values, asked, language);
  return spellOut(asked, language).every((value) => coveredBy(rights.values, value, rights.language));
}

/** What of `asked` the rights leave where they are not all of it: the widest values that lie in both. */
export function commonTo(rights: Rights, asked: ScopeValue, language: ScopeLanguage): readonly string[] {
  const candidates = rights.values
    .flatMap((value) => spellOut(value, rights.language))
    .filter((value) => coveredBy([asked], value, language) && permits(rights, value, language));
  const widest = candidates.filter(
    (value) => !candidates.some((other) => other.text !== value.text && coveredBy([other], value, language)),
  );
  return [...new Set(widest.map(({ text }) => text))];
}

/** Each name that a token may mean by the value. */
function spellOut(value: ScopeValue, language: ScopeLanguage): readonly ScopeValue[] {
  const rest = value.text.slice(value.name.length);
  const storage = includedIn(value.name, language).map((name) => `${name}${rest}`);
  const jobs = Object.hasOwn(JOBS[language], value.name) ? (JOBS[language][value.name] ?? []) : [];
  return [value, ...[...storage, ...jobs].map(parseScopeValue)];
}
