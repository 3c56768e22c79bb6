// What options of clients, users and the issuer have in common: lists, scopes, audiences, profiles. RFC 6749 3.3.
import { oneOf, OptionError } from "../options.js";
import { isAudience } from "./grants/asked.js";
import { expand } from "./grants/capability-sets.js";
import type { CapabilitySets } from "./grants/capability-sets.js";
import type { OAuthProfile } from "./grants/grant.js";
import { Refused } from "./refused.js";
import { parseScopeValue } from "./scopes/scope-value.js";

/** What of the issuer's options those of clients and users need. */
export interface IssuerRules {
  readonly profile: OAuthProfile;
  readonly sets: CapabilitySets;
}

/** Narrows `value` to a profile that the OAuth issuer mints. */
export function checkProfile(value: unknown): OAuthProfile {
  return oneOf(value, ["scitokens-2", "wlcg"] as const, "profile");
}

/** Narrows one text or a list of them to a list, without repetitions. */
export function checkTexts(value: unknown, name: string): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = texts.filter((text) => typeof text === "string" && text !== "");
  if (found.length < texts.length) throw new OptionError(`${name} must be a string or a list of strings`);
  return [...new Set(found as readonly string[])];
}

/** Narrows audiences; an empty list would be for nobody, and must not become one for everybody. */
export function checkAudiences(value: unknown, name: string): readonly string[] {
  const audiences = checkTexts(value, name);
  if (audiences.length === 0) throw new OptionError(`${name} must hold at least one audience, or be left out`);
  if (audiences.every(isAudience)) return audiences;
  throw new OptionError(`${name} must be printable ASCII without blanks, at most 512 characters each`);
}

/** Narrows scopes, in one text separated by blanks or in a list, each a value that could stand in a token. */
export function checkScope(value: unknown, name: string): readonly string[] {
  const scope = checkTexts(value, name)
    .flatMap((text) => text.split(" "))
    .filter((text) => text !== "");
  refuseWrong(name, () => scope.map(parseScopeValue));
  return [...new Set(scope)];
}

/** Puts capabilities in the place of the sets that a scope names; they must exist. */
export function checkSets(scope: readonly string[], name: string, sets: CapabilitySets): readonly string[] {
  return refuseWrong(name, () => expand(scope, sets));
}

function refuseWrong<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof Refused) throw new OptionError(`${name}: ${error.message}`);
    throw error;
  }
}
