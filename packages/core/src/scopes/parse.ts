// A scope value taken apart. RFC 6749 3.3, SciTokens "scopes", WLCG 2.2.1, rules S1, S2, S6, R4.
import { NoStackError } from "../base/no-stack.js";
import { encodePath, parseEncodedPath, PathError } from "./path.js";
import type { CanonicalPath } from "./path.js";

/** One scope value: a capability on a path, a capability without one, or a value with no path at all. */
export type ScopeValue =
  | { readonly kind: "path"; readonly authz: string; readonly path: CanonicalPath }
  | { readonly kind: "bare"; readonly authz: string }
  /** `name:rest` whose rest is no path, as `wlcg:1.0`: equal only to itself. */
  | { readonly kind: "opaque"; readonly authz: string };

/** Says what is wrong with a scope; who reads it decides whose fault that is. */
export class ScopeError extends NoStackError {}

/** Names that mean nothing without a path in SciTokens and WLCG tokens (S2). */
export function needsPath(authz: string): boolean {
  return authz === "read" || authz === "write" || authz === "condor" || authz.startsWith("storage.");
}

/** Names that carry no path: with one they grant nothing (S6). */
export function refusesPath(authz: string): boolean {
  return authz.startsWith("compute.");
}

/** Control characters, and halves of surrogate pairs, which no UTF-8 has. */
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/** Splits a scope claim at runs of blanks; a tab or line feed is no separator (S1). */
export function splitScopes(scope: string): readonly string[] {
  const values = scope.split(" ");
  return values.includes("") ? values.filter((value) => value !== "") : values;
}

/**
 * Parses one scope value.
 * @param options.pathsRequired whether the names of S2 mean nothing without a path: in SciTokens and WLCG tokens.
 * @throws {ScopeError} one bad value spoils the whole token, wherever it stands
 */
export function parseScope(text: string, options: { readonly pathsRequired: boolean }): ScopeValue {
  const colon = text.indexOf(":");
  const authz = oneText(colon === -1 ? text : text.slice(0, colon));
  if (authz === "") throw new ScopeError("expected a name before the colon");
  if (CONTROL.test(authz)) throw new ScopeError("a control character in a scope's name");
  const rest = colon === -1 ? "" : text.slice(colon + 1);
  if (rest.startsWith("/")) return { kind: "path", authz, path: parsePath(rest) };
  if (options.pathsRequired && needsPath(authz))
    throw new ScopeError("expected an absolute path after a name that needs one");
  if (colon === -1) return { kind: "bare", authz };
  if (CONTROL.test(rest)) throw new ScopeError("a control character in a scope");
  return { kind: "opaque", authz: text };
}

/** As a token may write it. */
export function writeScope(value: ScopeValue): string {
  return value.kind === "path" ? `${value.authz}:${encodePath(value.path)}` : value.authz;
}

const NAMES = new Map(
  "read write queue execute create modify condor storage.read storage.create storage.modify storage.stage storage.poll"
    .split(" ")
    .map((name) => [name, name]),
);

/** One text for all tokens that say it: compared without being read, and held once. */
function oneText(name: string): string {
  return NAMES.get(name) ?? name;
}

function parsePath(text: string): CanonicalPath {
  try {
    return parseEncodedPath(text);
  } catch (cause) {
    if (cause instanceof PathError) throw new ScopeError(`a scope's path: ${cause.message}`, { cause });
    throw cause;
  }
}
