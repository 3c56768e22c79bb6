// One right under two names: SciTokens' and WLCG's. WLCG 2.2.1, HTCondor-CE, rule S5. Adds, never widens.
import { refusesPath } from "./parse.js";
import type { Capabilities } from "./acl.js";
import { isBelow } from "./path.js";
import type { CanonicalPath } from "./path.js";

/** Whose names a token speaks; `plain` tokens (at-jwt, oauth) mean only what they say. */
export type ScopeLanguage = "scitokens" | "wlcg" | "plain";

/** What satisfies a name besides itself, by the WLCG profile's own definitions: translated or not. */
const WLCG_INCLUDES: ReadonlyMap<string, readonly string[]> = new Map([
  ["storage.create", ["storage.modify"]],
  ["storage.poll", ["storage.stage"]],
]);

/** What of a WLCG token satisfies a name of SciTokens. */
const WLCG_TRANSLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["read", ["storage.read"]],
  ["write", ["storage.modify"]],
  ["create", ["storage.create", "storage.modify"]],
  ["modify", ["storage.modify"]],
]);

/** What of a SciTokens token satisfies a name of WLCG. */
const SCITOKENS_TRANSLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["storage.read", ["read"]],
  ["storage.modify", ["write"]],
  ["storage.create", ["write"]],
  ["create", ["write"]],
  ["modify", ["write"]],
]);

const CONDOR_READ = "/READ" as CanonicalPath;
const CONDOR_WRITE = "/WRITE" as CanonicalPath;
const COMPUTE_WRITES = ["compute.create", "compute.modify", "compute.cancel"];

export interface Asked {
  readonly authz: string;
  /** Undefined: the capability itself. */
  readonly path: CanonicalPath | undefined;
  /** Whether a directory on the way to a path that is covered will do as well: what `storage.create` makes (R3). */
  readonly leading?: boolean | undefined;
  /** Whether all that lies below the path is touched too. */
  readonly tree?: boolean | undefined;
}

export interface Reading {
  readonly language: ScopeLanguage;
  /** Whether one right under two names is one; else names are literal. */
  readonly equivalence: boolean;
}

/** Whether capabilities, read so, grant what is asked. */
export function grants(held: Capabilities, { language, equivalence }: Reading, asked: Asked): boolean {
  const { authz } = asked;
  if (says(held, authz, asked)) return true;
  if (language === "plain") return false;
  const byAnother = (names: readonly string[] | undefined): boolean =>
    names?.some((name) => says(held, name, asked)) === true;
  if (language === "wlcg" && byAnother(WLCG_INCLUDES.get(authz))) return true;
  if (!equivalence) return false;
  if (language === "wlcg") return byAnother(WLCG_TRANSLATES.get(authz)) || grantsCondor(held, asked);
  return byAnother(SCITOKENS_TRANSLATES.get(authz)) || grantsCompute(held, authz);
}

function says(held: Capabilities, authz: string, { path, leading }: Asked): boolean {
  if (path === undefined) return held.hasBare(authz);
  return held.covers(authz, path) || (leading === true && held.leadsTo(authz, path));
}

/** `compute.read` is `condor:/READ`; create, modify and cancel together are `condor:/WRITE`. */
function grantsCondor(held: Capabilities, { authz, path }: Asked): boolean {
  if (authz !== "condor" || path === undefined) return false;
  if (isBelow(path, CONDOR_READ)) return held.hasBare("compute.read");
  return isBelow(path, CONDOR_WRITE) && COMPUTE_WRITES.every((name) => held.hasBare(name));
}

function grantsCompute(held: Capabilities, authz: string): boolean {
  if (!refusesPath(authz)) return false;
  if (authz === "compute.read") return held.covers("condor", CONDOR_READ);
  return COMPUTE_WRITES.includes(authz) && held.covers("condor", CONDOR_WRITE);
}
