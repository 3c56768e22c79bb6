// A scope rule made ready to be asked: parsed once at start, functions called for each request. Rules R3, R4, S5, S8.
import type { AskedAt } from "../enforcer/decide.js";
import { InsufficientScopeError } from "../base/errors.js";
import { callApplication } from "../base/program-fault.js";
import { needsPath, parseScope, refusesPath, ScopeError } from "../scopes/parse.js";
import { encodePath } from "../scopes/path.js";
import type { CanonicalPath } from "../scopes/path.js";
import { parseTarget } from "./request-path.js";
import type { ScopeFunction, ScopeRule } from "./scope-rule.js";

/** A rule without functions: what must be granted. */
export type Requirement =
  | { readonly kind: "capability"; readonly asked: AskedAt }
  | { readonly kind: "all" | "any"; readonly of: readonly Requirement[] };

/** A parsed rule: a requirement, or what becomes one for each request. */
export type PreparedRule<Req> =
  | { readonly kind: "capability"; readonly asked: AskedAt }
  | { readonly kind: "all" | "any"; readonly of: readonly PreparedRule<Req>[] }
  | { readonly kind: "function"; readonly call: ScopeFunction<Req> }
  | { readonly kind: "request" };

/** What a rule may look at. */
export interface RuleFacts<Req> {
  readonly method: string;
  readonly target: string;
  readonly request: Req;
}

/** @throws {TypeError} for a scope that no token could satisfy, or that would mean nothing */
export function prepareRule<Req>(rule: ScopeRule<Req>, bareNames: boolean): PreparedRule<Req> {
  const each = (rules: readonly ScopeRule<Req>[]): readonly PreparedRule<Req>[] => {
    if (!Array.isArray(rules) || rules.length === 0) throw new TypeError("scope: expected at least one scope");
    return rules.map((one: ScopeRule<Req>) => prepareRule(one, bareNames));
  };
  if (typeof rule === "string") return { kind: "capability", asked: parseRequired(rule, bareNames) };
  if (typeof rule === "function") return { kind: "function", call: rule };
  if (Array.isArray(rule)) return { kind: "all", of: each(rule as readonly ScopeRule<Req>[]) };
  if (typeof rule === "object" && rule !== null && Object.keys(rule).length === 1) {
    if ("anyOf" in rule) return { kind: "any", of: each(rule.anyOf) };
    if ("allOf" in rule) return { kind: "all", of: each(rule.allOf) };
    if ("fromRequest" in rule && rule.fromRequest === true) return { kind: "request" };
  }
  throw new TypeError("scope: expected a scope as 'read:/data', a list, anyOf(), fromRequest() or a function");
}

/** What this request must be granted. What a function throws is passed on. */
export async function resolveRule<Req>(
  rule: PreparedRule<Req>,
  facts: RuleFacts<Req>,
  bareNames: boolean,
): Promise<Requirement> {
  switch (rule.kind) {
    case "capability":
      return rule;
    case "request":
      return requirementOf(facts.method, facts.target);
    case "function": {
      const said = await callApplication(() => rule.call(facts.request));
      return resolveRule(prepareRule(said, bareNames), facts, bareNames);
    }
    default:
      return { kind: rule.kind, of: await Promise.all(rule.of.map((one) => resolveRule(one, facts, bareNames))) };
  }
}

/** The scope to ask for, as in a token; of alternatives the first. Undefined when a part depends on the request. */
export function writtenScope<Req>(
  rule: PreparedRule<Req>,
  relative: (asked: AskedAt) => CanonicalPath | undefined = (asked) => asked.path,
): string | undefined {
  if (rule.kind === "function" || rule.kind === "request") return undefined;
  if (rule.kind === "capability") {
    const path = relative(rule.asked);
    if (rule.asked.path === undefined) return rule.asked.authz;
    return path === undefined ? undefined : `${rule.asked.authz}:${encodePath(path)}`;
  }
  const parts = (rule.kind === "any" ? rule.of.slice(0, 1) : rule.of).map((one) => writtenScope(one, relative));
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
    return { authz: value.authz, path: value.kind === "path" ? value.path : undefined, of: "issuer" };
  } catch (cause) {
    if (!(cause instanceof ScopeError)) throw cause;
    const hint = text === "" || needsPath(text) ? `; write '${text || "read"}:/' and the path it is for` : "";
    throw new TypeError(`scope '${text}': ${cause.message}${hint}`, { cause });
  }
}

const READS = ["storage.read", "read"];
const LOOKS = [...READS, "storage.create", "storage.modify", "storage.stage", "write"];

/** The reading half of R3. Both languages' names, so that it holds with `equivalence: false` too. */
function requirementOf(method: string, target: string): Requirement {
  const names = method === "GET" ? READS : method === "HEAD" ? LOOKS : undefined;
  if (names === undefined) throw new InsufficientScopeError("method", "no scope is known for the request's method");
  const path = parseTarget(target);
  return { kind: "any", of: names.map((authz) => ({ kind: "capability", asked: { authz, path, of: "request" } })) };
}
