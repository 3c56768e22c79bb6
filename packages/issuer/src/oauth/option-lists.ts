// Lists in options: one text, or several. RFC 6749 3.3.
import { OptionError } from "../options.js";
import { Refused } from "./refused.js";
import { parseScopeValue } from "./scopes/scope-value.js";

/** Narrows one text or a list of them to a list, without repetitions. */
export function checkTexts(value: unknown, name: string): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = texts.filter((text) => typeof text === "string" && text !== "");
  if (found.length < texts.length) throw new OptionError(`${name} must be a string or a list of strings`);
  return [...new Set(found as readonly string[])];
}

/** Narrows scopes, in one text separated by blanks or in a list, each a value that could stand in a token. */
export function checkScope(value: unknown, name: string): readonly string[] {
  const scope = checkTexts(value, name)
    .flatMap((text) => text.split(" "))
    .filter((text) => text !== "");
  try {
    for (const text of scope) parseScopeValue(text);
  } catch (error) {
    if (error instanceof Refused) throw new OptionError(`${name}: ${error.message}`);
    throw error;
  }
  return [...new Set(scope)];
}
