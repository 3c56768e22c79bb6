// The capability sets of the options: names for lists of capabilities, and for nothing else. WLCG 1.3 2.2.2.
import { isRecord, OptionError } from "../options.js";
import { namesSet } from "./grants/capability-sets.js";
import type { CapabilitySets } from "./grants/capability-sets.js";
import { checkScope } from "./option-lists.js";
import { isOfTheIssuer } from "./scopes/narrowing.js";
import { isGroupName, parseScopeValue } from "./scopes/scope-value.js";

/** Checks the sets; a set inside a set is refused. */
export function checkCapabilitySets(sets: unknown): CapabilitySets {
  if (!isRecord(sets)) throw new OptionError("capabilitySets must be an object of lists of scopes");
  return Object.fromEntries(Object.entries(sets).map(([name, scope]) => [name, checkCapabilities(name, scope)]));
}

function checkCapabilities(name: string, value: unknown): readonly string[] {
  if (!isGroupName(name)) throw new OptionError(`a capability set has a name such as '/production', unlike '${name}'`);
  const option = `capabilitySets['${name}']`;
  const scope = checkScope(value, option);
  const odd = scope.find((text) => namesSet(text) || isOfTheIssuer(parseScopeValue(text)));
  if (odd !== undefined) throw new OptionError(`${option} must hold capabilities, unlike '${odd}'`);
  if (scope.length === 0) throw new OptionError(`${option} must hold at least one capability`);
  return scope;
}
