// The scope of a handler, in words for people who read the OpenAPI document. Rules R4, H4.
import type { ScopeRule } from "@scitokens/core/http";
import type { Mark } from "../mark.js";
import type { Settings } from "../settings.js";

/** What counts for a handler: its own rule, or that of the module. */
export function ruleOf(mark: Mark | undefined, { options }: Settings): unknown {
  const own: { readonly scope?: ScopeRule<never> } = mark === undefined || mark.kind === "public" ? {} : mark.options;
  return own.scope ?? options.scope;
}

/**
 * Undefined where nothing is asked, where a request decides, or where alternatives are more than a list of scopes.
 * @param asked what a challenge says: of alternatives the first
 */
export function neededScope(rule: unknown, asked: string | undefined): string | undefined {
  if (asked === undefined || !hasAlternatives(rule)) return asked;
  const { anyOf } = rule as { readonly anyOf?: readonly unknown[] };
  return anyOf?.every((one) => typeof one === "string") === true ? `one of: ${anyOf.join(", ")}` : undefined;
}

function hasAlternatives(rule: unknown): boolean {
  if (typeof rule !== "object" || rule === null) return false;
  return "anyOf" in rule || Object.values(rule).some(hasAlternatives);
}
