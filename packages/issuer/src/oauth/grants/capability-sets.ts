// Capability sets: one name for several scopes. WLCG 1.3 2.2.2.
import { quote, Refused } from "../refused.js";

/** The names of capability sets, such as '/production', with the scopes each stands for (WLCG 2.2.2). */
export type CapabilitySets = Readonly<Record<string, readonly string[]>>;

const NAME = "wlcg.capabilityset";

/** Whether a scope names a set, or sets in general. */
export function namesSet(text: string): boolean {
  return text === NAME || text.startsWith(`${NAME}:`);
}

/**
 * Puts the capabilities in the place of each set's name.
 * @throws {Refused} invalid_scope where there is no such set
 */
export function expand(scope: readonly string[], sets: CapabilitySets): readonly string[] {
  const values = scope.flatMap((text) => {
    if (!namesSet(text)) return [text];
    const set = text.slice(NAME.length + 1);
    const capabilities = Object.hasOwn(sets, set) ? sets[set] : undefined;
    if (capabilities === undefined) throw new Refused("invalid_scope", `${quote(text)} names no set of capabilities`);
    return capabilities;
  });
  return [...new Set(values)];
}
