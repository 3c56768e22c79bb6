// A scope rule made ready to be asked: parsed once, at start. Rules R4, S8.
import type { AskedAt } from "../enforcer/decide.js";
import { needsPath, parseScope, refusesPath, ScopeError } from "../scopes/parse.js";
import { encodePath } from "../scopes/path.js";
import type { CanonicalPath } from "../scopes/path.js";
import { parseOperation } from "./operations.js";
import type { OperationRequirement, Requirement } from "./requirement.js";
import { allOf, anyOf, checkFromRequest, fromRequest, operation } from "./scope-rule.js";
import type { FromRequestOptions, ScopeFunction, ScopeRule } from "./scope-rule.js";

/** A parsed rule: a requirement, or what becomes one for each request. */
export type PreparedRule<Req> =
  | Requirement
  | { readonly kind: "function"; readonly call: ScopeFunction<Req> }
  | { readonly kind: "request"; readonly options: FromRequestOptions<Req> }
  /** Some of the parts are no requirement yet. */
  | { readonly kind: "parts"; readonly join: "all" | "any"; readonly of: readonly PreparedRule<Req>[] };

/** @throws {TypeError} for a scope that no token could satisfy, or that would mean nothing */
export function prepareRule<Req>(rule: ScopeRule<Req>, bareNames: boolean): PreparedRule<Req> {
  const join = (kind: "all" | "any", rules: readonly ScopeRule<Req>[]): PreparedRule<Req> => {
    if (!Array.isArray(rules) || rules.length === 0) throw new TypeError("scope: expected at least one scope");
    const of = [...rules].map((one: ScopeRule<Req>) => prepareRule(one, bareNames));
    return of.every(isRequirement) ? { kind, of } : { kind: "parts", join: kind, of };
  };
  if (typeof rule === "string") return { kind: "capability", asked: parseRequired(rule, bareNames) };
  if (typeof rule === "function") return { kind: "function", call: checkCalled(rule) };
  if (Array.isArray(rule)) return join("all", rule as readonly ScopeRule<Req>[]);
  if (typeof rule === "object" && rule !== null) {
    const names = Object.keys(rule).toSorted().join();
    if (names === "anyOf" && "anyOf" in rule) return join("any", rule.anyOf);
    if (names === "allOf" && "allOf" in rule) return join("all", rule.allOf);
    if (names === "fromRequest" && "fromRequest" in rule) {
      return { kind: "request", options: checkFromRequest(rule.fromRequest) };
    }
    if (names === "operation,path" && "operation" in rule) return parseOperation(rule.operation, rule.path);
  }
  throw new TypeError(
    "scope: expected a scope as 'read:/data', a list, anyOf(), fromRequest(), operation() or a function",
  );
}

/** Not called, they would be taken for functions of the request. */
function checkCalled<Req>(rule: ScopeFunction<Req>): ScopeFunction<Req> {
  const ours: readonly unknown[] = [fromRequest, operation, anyOf, allOf];
  if (ours.includes(rule)) throw new TypeError(`scope: expected ${rule.name}(...), called`);
  return rule;
}

function isRequirement<Req>(rule: PreparedRule<Req>): rule is Exclude<Requirement, OperationRequirement> {
  return rule.kind === "capability" || rule.kind === "all" || rule.kind === "any";
}

/** The `fromRequest()` of a rule; undefined where there is none, or where only a function would say. */
export function fromRequestIn<Req>(rule: PreparedRule<Req> | undefined): FromRequestOptions<Req> | undefined {
  if (rule?.kind === "request") return rule.options;
  if (rule?.kind !== "parts") return undefined;
  return rule.of.map(fromRequestIn).find((options) => options !== undefined);
}

/** The scope to ask for, as in a token; of alternatives the first. Undefined when a part depends on the request. */
export function writtenScope<Req>(
  rule: PreparedRule<Req> | OperationRequirement,
  relative: (asked: AskedAt) => CanonicalPath | undefined = ({ of, path }) => (of === "issuer" ? path : undefined),
): string | undefined {
  if (rule.kind === "function" || rule.kind === "request") return undefined;
  if (rule.kind === "parts") return writtenParts(rule.join, rule.of, relative);
  if (rule.kind !== "capability") return writtenParts(rule.kind === "any" ? "any" : "all", rule.of, relative);
  const path = relative(rule.asked);
  if (rule.asked.path === undefined) return rule.asked.authz;
  return path === undefined ? undefined : `${rule.asked.authz}:${encodePath(path)}`;
}

function writtenParts<Req>(
  join: "all" | "any",
  rules: readonly (PreparedRule<Req> | OperationRequirement)[],
  relative: (asked: AskedAt) => CanonicalPath | undefined,
): string | undefined {
  const parts = (join === "any" ? rules.slice(0, 1) : rules).map((one) => writtenScope(one, relative));
  return parts.includes(undefined) ? undefined : [...new Set(parts)].join(" ");
}

/** scope-token of RFC 6749 3.3: what may stand in a challenge. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function parseRequired(text: string, bareNames: boolean): AskedAt {
  if (text.includes(" ")) throw new TypeError(`scope: expected one scope in '${text}'; several are given as a list`);
  try {
    const value = parseScope(text, { pathsRequired: !bareNames });
    const name = text.split(":", 1)[0] ?? "";
    if (!SCOPE_TOKEN.test(value.authz)) throw new ScopeError("expected printable ASCII without quotes and backslashes");
    if (value.kind === "opaque" && needsPath(name)) throw new ScopeError("expected an absolute path after this name");
    if (value.kind === "path" && refusesPath(name)) throw new ScopeError("expected no path after this name");
    // A written path stands for all below it, too (S4).
    return { authz: value.authz, path: value.kind === "path" ? value.path : undefined, of: "issuer", tree: true };
  } catch (cause) {
    if (!(cause instanceof ScopeError)) throw cause;
    const hint = text === "" || needsPath(text) ? `; write '${text || "read"}:/' and the path it is for` : "";
    throw new TypeError(`scope '${text}': ${cause.message}${hint}`, { cause });
  }
}
