// What a server itself allows: to the members of a group, or to a host. Written as scopes, relative to the issuer's area.
// WLCG 2.2.2 to 2.2.4, rules S7, S8.
import type { Capabilities } from "./acl.js";
import { createCapabilities } from "./capabilities.js";
import { grants } from "./equivalence.js";
import type { Asked } from "./equivalence.js";
import { isBelow, ROOT } from "./path.js";
import type { CanonicalPath } from "./path.js";
import { parseScope, refusesPath, ScopeError } from "./parse.js";
import type { ScopeValue } from "./parse.js";

/** A policy as it is written. */
export interface PolicyOptions {
  /** What is allowed, written as in a token: `read:/`, `storage.create:/inbox`, `queue`. */
  readonly allow: readonly string[];
  /** What this `allow` does not reach: `write:/protected`. Other rules may yet allow it. */
  readonly except?: readonly string[];
}

export interface Policy {
  readonly allow: Capabilities;
  readonly except: Capabilities;
}

/** Both languages' names of a right are one here: all are turned into WLCG's. */
const READING = { language: "wlcg", equivalence: true } as const;

/** @throws {TypeError} */
export function parsePolicy(where: string, { allow, except }: PolicyOptions): Policy {
  const allowed = createCapabilities(parseList(`${where}.allow`, allow));
  return Object.freeze({
    allow: allowed,
    except: createCapabilities(except === undefined ? [] : parseExceptions(`${where}.except`, except, allowed)),
  });
}

/** An exception that takes nothing away would leave open what it was written to close. */
function parseExceptions(where: string, except: readonly string[], allowed: Capabilities): readonly ScopeValue[] {
  return parseList(where, except).map((value) => {
    const { authz } = value;
    if (value.kind !== "path" || authz === "condor") {
      throw new TypeError(`${where}: '${authz}': expected a path within what is allowed, as 'write:/protected'`);
    }
    const wider = PART_OF.get(authz);
    if (wider !== undefined && grants(allowed, READING, { authz: wider, path: value.path, leading: true })) {
      throw new TypeError(`${where}: '${authz}' is part of '${wider}', which would go on; except that`);
    }
    const names = [authz, ...[...PART_OF].flatMap(([part, whole]) => (whole === authz ? [part] : []))];
    if (!names.some((name) => grants(allowed, READING, { authz: name, path: value.path, leading: true }))) {
      throw new TypeError(`${where}: '${authz}' takes nothing from what is allowed there`);
    }
    return withoutSlash(value);
  });
}

/** What reaches all below a directory is not allowed where an exception lies below it. */
export function permits({ allow, except }: Policy, asked: Asked): boolean {
  const { authz, path, tree } = asked;
  return grants(allow, READING, asked) && !grants(except, READING, { authz, path, leading: tree });
}

/** The directory is excepted however a request writes it, and a file of its name with it. */
function withoutSlash(value: Extract<ScopeValue, { kind: "path" }>): ScopeValue {
  if (value.path === ROOT || !value.path.endsWith("/")) return value;
  return { ...value, path: value.path.slice(0, -1) as CanonicalPath };
}

/** Excepted alone, these would be allowed by the name that includes them. */
const PART_OF: ReadonlyMap<string, string> = new Map([
  ["storage.create", "storage.modify"],
  ["storage.poll", "storage.stage"],
]);

const WLCG_NAMES: ReadonlyMap<string, string> = new Map([
  ["read", "storage.read"],
  ["write", "storage.modify"],
  ["create", "storage.create"],
  ["modify", "storage.modify"],
]);

const CONDOR: readonly (readonly [path: CanonicalPath, names: readonly string[]])[] = [
  ["/READ" as CanonicalPath, ["compute.read"]],
  ["/WRITE" as CanonicalPath, ["compute.create", "compute.modify", "compute.cancel"]],
];

function parseList(where: string, scopes: unknown): readonly ScopeValue[] {
  if (!Array.isArray(scopes) || scopes.length === 0) {
    throw new TypeError(`${where}: expected a list of scopes, as ['read:/', 'write:/inbox']`);
  }
  return [...(scopes as unknown[])].flatMap((scope) => parseOne(where, scope));
}

const STORAGE: ReadonlySet<string> = new Set(
  ["read", "create", "modify", "stage", "poll"].map((name) => `storage.${name}`),
);

function parseOne(where: string, scope: unknown): readonly ScopeValue[] {
  if (typeof scope !== "string" || scope.includes(" "))
    throw new TypeError(`${where}: expected one scope in each text`);
  const value = parse(where, scope);
  const authz = WLCG_NAMES.get(value.authz) ?? value.authz;
  const isKnown = !authz.startsWith("storage.") || STORAGE.has(authz);
  const isWhole = value.kind === "path" ? !refusesPath(authz) : value.kind === "bare" && !STORAGE.has(authz);
  if (!isKnown || !isWhole || authz.startsWith("/")) {
    throw new TypeError(`${where}: '${scope}' allows nothing; expected a scope as 'read:/' or 'compute.read'`);
  }
  if (value.kind !== "path" || authz !== "condor") return [{ ...value, authz }];
  const names = CONDOR.flatMap(([path, of]) => (isBelow(path, value.path) ? of : []));
  return [value, ...names.map((name) => ({ kind: "bare", authz: name }) as const)];
}

function parse(where: string, scope: string): ScopeValue {
  try {
    return parseScope(scope, { pathsRequired: true });
  } catch (cause) {
    if (!(cause instanceof ScopeError)) throw cause;
    throw new TypeError(`${where}: '${scope}': ${cause.message}`, { cause });
  }
}
