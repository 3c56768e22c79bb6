// What a request must be granted, where that depends on what is there: create or modify, file or directory. Asked only of
// tokens for which the answer decides: whoever may not even create costs no look at the disk. WLCG 2.2.1, rules R3, R6, S4.
import { callApplication } from "../base/program-fault.js";
import { when } from "../base/when.js";
import { ROOT } from "../scopes/path.js";
import type { CanonicalPath } from "../scopes/path.js";
import { requires } from "./operations.js";
import type { OperationName } from "./operations.js";
import type { RequestedOperation } from "./request-operation.js";
import type { OperationRequirement, Requirement } from "./requirement.js";
import type { FromRequestOptions, PathKind } from "./scope-rule.js";

export interface Judged<Req> {
  readonly request: Req;
  readonly options: FromRequestOptions<Req>;
  /** Whether a requirement is met. */
  readonly holds: (requirement: Requirement) => boolean;
}

export function judgeRequest<Req>(
  wanted: RequestedOperation,
  judged: Judged<Req>,
): OperationRequirement | Promise<OperationRequirement> {
  if (wanted.name === "read" && judged.options.kind === undefined) return reading(wanted.path); // as most are
  return when(formsOf(wanted, judged), (forms) => {
    const needs = needsOf(wanted, forms);
    return when(isAbsent(wanted.destination ?? wanted.path, needs, judged), (absent) => {
      const { name, path, source, destination, remote } = wanted;
      const ends = { ...(source && { source }), ...(destination && { destination }), ...(remote && { remote }) };
      const operation = Object.freeze({ name, path, ...ends, mayReplace: replaces(wanted) && !absent });
      return { kind: "operation", operation, of: absent ? needs.ifAbsent : needs.whateverIsThere } as const;
    });
  });
}

function reading(path: CanonicalPath): OperationRequirement {
  const operation = Object.freeze({ name: "read", path, mayReplace: false } as const);
  return { kind: "operation", operation, of: [requires("read", path)] };
}

const REPLACES: ReadonlySet<string> = new Set(["write", "modify", "rename", "copy"]);

/** Whether what is here may be replaced or changed; a copy to another server only reads here. */
export function replaces({ name, destination }: RequestedOperation): boolean {
  return REPLACES.has(name) && (name !== "copy" || destination !== undefined);
}

/** `whateverIsThere` is enough in any case; `ifAbsent` where nothing is at the place that is written to. */
interface Needs {
  readonly whateverIsThere: readonly Requirement[];
  readonly ifAbsent: readonly Requirement[];
}

/** What a request is taken to be about, a file or a directory (S4): at its path or source, and at its destination. */
interface Forms {
  readonly at: PathKind;
  readonly to: PathKind;
}

function needsOf({ name, path, source, destination, tree }: RequestedOperation, { at, to }: Forms): Needs {
  const need = (operation: OperationName, of: CanonicalPath | undefined, form: PathKind): readonly Requirement[] =>
    of === undefined ? [] : [requires(operation, inForm(of, form), { tree })];
  const same = (whateverIsThere: readonly Requirement[]): Needs => ({ whateverIsThere, ifAbsent: whateverIsThere });
  switch (name) {
    case "write":
      return { whateverIsThere: need("modify", path, at), ifAbsent: need("create", path, at) };
    case "mkdir":
      return same([requires("mkdir", inForm(path, at), { leading: true })]);
    case "rename":
      return {
        whateverIsThere: [...need("modify", source, at), ...need("modify", destination, to)],
        ifAbsent: [...need("create", source, at), ...need("create", destination, to)],
      };
    case "copy":
      return {
        whateverIsThere: [...need("read", source, at), ...need("modify", destination, to)],
        ifAbsent: [...need("read", source, at), ...need("create", destination, to)],
      };
    default:
      return same(need(name, path, at));
  }
}

/** A path as that of a file, or that of a directory. */
function inForm(path: CanonicalPath, form: PathKind): CanonicalPath {
  if (path === ROOT || path.endsWith("/") === (form === "directory")) return path;
  return (form === "directory" ? `${path}/` : path.slice(0, -1)) as CanonicalPath;
}

/**
 * What makes a file makes one, however its path is written: a scope on `/foo/` shall not create the file `/foo`. Nor does a slash
 * at the source of a rename or copy say what its destination is: a file, unless `kind` knows better.
 */
function formsOf<Req>(wanted: RequestedOperation, judged: Judged<Req>): Forms | Promise<Forms> {
  const { name, path, source, destination } = wanted;
  if (name === "mkdir") return { at: "directory", to: "directory" };
  if (name === "write" || (name === "copy" && source === undefined)) return { at: "file", to: "file" };
  const written: Forms = { at: (source ?? path).endsWith("/") ? "directory" : "file", to: "file" };
  if (judged.options.kind === undefined || areAlike([FILES, INTO_FILE, DIRECTORIES], wanted, judged)) return written;
  return when(kindOf(source ?? path, judged), (known) => {
    if (known !== "directory" || destination === undefined) return { at: known ?? written.at, to: "file" };
    if (areAlike([INTO_FILE, DIRECTORIES], wanted, judged)) return DIRECTORIES;
    // Not to take the place of a file that the scope does not cover.
    return when(kindOf(destination, judged), (there) => (there === "file" ? INTO_FILE : DIRECTORIES));
  });
}

const FILES: Forms = { at: "file", to: "file" };
const INTO_FILE: Forms = { at: "directory", to: "file" };
const DIRECTORIES: Forms = { at: "directory", to: "directory" };

function kindOf<Req>(
  path: CanonicalPath,
  { options: { kind }, request }: Judged<Req>,
): PathKind | undefined | Promise<PathKind | undefined> {
  return when(
    callApplication(() => kind?.(inForm(path, "file"), request)),
    (said) => {
      if (said === undefined || said === "file" || said === "directory") return said;
      throw new TypeError("fromRequest: kind: expected 'file', 'directory' or undefined");
    },
  );
}

/** Whether a request is judged alike, whichever of these it is about. */
function areAlike<Req>(forms: readonly Forms[], wanted: RequestedOperation, judged: Judged<Req>): boolean {
  const [first, ...others] = forms.map((one) => needsOf(wanted, one));
  const alike = (needs: keyof Needs): boolean =>
    first !== undefined && others.every((other) => holdsAll(other[needs], judged) === holdsAll(first[needs], judged));
  return alike("whateverIsThere") && (judged.options.exists === undefined || alike("ifAbsent"));
}

/** Whether nothing is where something is to be written; only asked for where that decides. */
function isAbsent<Req>(path: CanonicalPath, needs: Needs, judged: Judged<Req>): boolean | Promise<boolean> {
  const { exists } = judged.options;
  const { whateverIsThere, ifAbsent } = needs;
  if (exists === undefined || whateverIsThere === ifAbsent) return false;
  if (holdsAll(whateverIsThere, judged) || !holdsAll(ifAbsent, judged)) return false;
  return when(
    callApplication(() => exists(inForm(path, "file"), judged.request)),
    (there) => {
      if (typeof there !== "boolean") throw new TypeError("fromRequest: exists: expected true or false");
      return !there;
    },
  );
}

function holdsAll<Req>(requirements: readonly Requirement[], { holds }: Judged<Req>): boolean {
  return requirements.every(holds);
}
