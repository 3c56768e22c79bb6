// One right under two names: SciTokens' and WLCG's. WLCG 2.2.1, HTCondor-CE, rule S5. Adds, never widens.
import { coversAnyPath } from "./acl.js";
import type { Capabilities } from "./acl.js";
import { writeScope } from "./parse.js";
import type { ScopeValue } from "./parse.js";
import { isBelow } from "./path.js";
import type { CanonicalPath } from "./path.js";

/** Whose names a token speaks; `plain` tokens (at-jwt, oauth) mean only what they say. */
export type ScopeLanguage = "scitokens" | "wlcg" | "plain";

type Names = ReadonlyMap<string, readonly string[]>;

/** What satisfies a name besides itself, by the WLCG profile's own definitions: translated or not. */
const WLCG_INCLUDES: Names = new Map([
  ["storage.create", ["storage.modify"]],
  ["storage.poll", ["storage.stage"]],
]);

/** What of a WLCG token satisfies a name, one of SciTokens too. */
const WLCG_NAMES: Names = new Map([
  ...WLCG_INCLUDES,
  ["read", ["storage.read"]],
  ["write", ["storage.modify"]],
  ["create", ["storage.create", "storage.modify"]],
  ["modify", ["storage.modify"]],
]);

/** What of a SciTokens token satisfies a name of WLCG. */
const SCITOKENS_NAMES: Names = new Map([
  ["storage.read", ["read"]],
  ["storage.modify", ["write"]],
  ["storage.create", ["write"]],
  ["create", ["write"]],
  ["modify", ["write"]],
]);

export interface Asked {
  readonly authz: string;
  /** Undefined: the capability itself. */
  readonly path: CanonicalPath | undefined;
  /** Whether a directory on the way to a path that is covered will do as well: what `storage.create` makes (R3). */
  readonly leading?: boolean | undefined;
  /** Whether all that lies below the path is touched too. */
  readonly tree?: boolean | undefined;
}

const CONDOR_READ = "/READ" as CanonicalPath;
const CONDOR_WRITE = "/WRITE" as CanonicalPath;

const bare = (authz: string): Asked => ({ authz, path: undefined });
const COMPUTE_READ: readonly Asked[] = [bare("compute.read")];
const COMPUTE_WRITE: readonly Asked[] = ["compute.create", "compute.modify", "compute.cancel"].map(bare);

const CONDOR_OF: ReadonlyMap<string, readonly Asked[]> = new Map([
  ["compute.read", [{ authz: "condor", path: CONDOR_READ }]],
  ...COMPUTE_WRITE.map(({ authz }) => [authz, [{ authz: "condor", path: CONDOR_WRITE }]] as const),
]);

export interface Reading {
  readonly language: ScopeLanguage;
  /** Whether one right under two names is one; else names are literal. */
  readonly equivalence: boolean;
}

/** Whether capabilities, read so, grant what is asked. */
export function grants(held: Capabilities, reading: Reading, asked: Asked): boolean {
  if (says(held, asked)) return true;
  const { authz, path, leading } = asked;
  for (const name of otherNames(reading, authz)) {
    if (says(held, { authz: name, path, leading })) return true;
  }
  const all = together(reading, asked);
  return all !== undefined && all.every((one) => says(held, one));
}

/** The first capability that grants it, as a token may write it; several, where only they together do. */
export function whatGrants(held: Capabilities, reading: Reading, asked: Asked): readonly string[] {
  const others = otherNames(reading, asked.authz).map((authz) => [{ ...asked, authz }]);
  for (const all of [[asked], ...others, together(reading, asked) ?? []]) {
    const found = all.flatMap((one) => held.values.find((value) => isCovered(one, value)) ?? []);
    if (found.length === all.length) return found.map(writeScope);
  }
  return [];
}

function says(held: Capabilities, { authz, path, leading }: Asked): boolean {
  if (path === undefined) return held.hasBare(authz);
  return held.covers(authz, path) || (leading === true && held.leadsTo(authz, path));
}

/** The same of one scope. */
function isCovered({ authz, path, leading }: Asked, value: ScopeValue): boolean {
  if (value.authz !== authz) return false;
  if (value.kind !== "path") return path === undefined || coversAnyPath(authz);
  return path !== undefined && (isBelow(path, value.path) || (leading === true && isBelow(value.path, path)));
}

const NONE: readonly string[] = [];

/** What satisfies a name besides itself. */
function otherNames({ language, equivalence }: Reading, authz: string): readonly string[] {
  if (language === "plain") return NONE;
  if (language === "wlcg") return (equivalence ? WLCG_NAMES : WLCG_INCLUDES).get(authz) ?? NONE;
  return (equivalence ? SCITOKENS_NAMES.get(authz) : undefined) ?? NONE;
}

/** `compute.read` is `condor:/READ`; create, modify and cancel together are `condor:/WRITE`. */
function together({ language, equivalence }: Reading, { authz, path }: Asked): readonly Asked[] | undefined {
  if (!equivalence || language === "plain") return undefined;
  if (language === "scitokens") return CONDOR_OF.get(authz);
  if (authz !== "condor" || path === undefined) return undefined;
  return isBelow(path, CONDOR_READ) ? COMPUTE_READ : isBelow(path, CONDOR_WRITE) ? COMPUTE_WRITE : undefined;
}
