// Claims from options: shortcuts for the common ones, name=value for any. RFC 7519 4.
import type { TokenClaims } from "@scitokens/issuer";
import { Trouble } from "../exit.js";
import { printable } from "../output/printable.js";

export interface ClaimFlags {
  readonly claim?: readonly string[];
  readonly without?: readonly string[];
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
  readonly subject?: string;
}

/** @throws {Trouble} for a claim that is said twice, or has no name or value */
export function parseClaims({ claim = [], without = [], audience, scope, subject }: ClaimFlags): TokenClaims {
  const given: (readonly [name: string, value: unknown])[] = [
    ...(audience === undefined ? [] : [["aud", audience.length === 1 ? audience[0] : audience] as const]),
    ...(scope === undefined ? [] : [["scope", scope.join(" ")] as const]),
    ...(subject === undefined ? [] : [["sub", subject] as const]),
    ...claim.map(parseClaim),
    ...without.map((name) => [name, undefined] as const),
  ];
  const names = given.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Trouble(`the claim ${printable(twice)} is given twice`);
  return Object.fromEntries(given);
}

function parseClaim(text: string): readonly [string, unknown] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new Trouble(`--claim ${printable(text)}: expected name=value`);
  return [text.slice(0, equals), parseValue(text.slice(equals + 1))];
}

/** JSON where it is some: numbers, true, lists, objects, quoted strings. What begins as a list or object must be one. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^[[{"]/.test(text)) throw new Trouble(`--claim: ${printable(text)} begins like JSON, and is none`);
    return text;
  }
}
