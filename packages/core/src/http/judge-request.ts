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
  return when(formOf(wanted, judged), (form) => {
    const needs = needsOf(wanted, form);
    return when(isAbsent(wanted, needs, judged), (absent) => {
      const { name, path, source, destination, remote } = wanted;
      const ends = { ...(source && { source }), ...(destination && { destination }), ...(remote && { remote }) };
      const operation = Object.freeze({ name, path, ...ends, mayReplace: !absent && name !== "mkdir" });
      return { kind: "operation", operation, of: absent ? needs.ifAbsent : needs.whateverIsThere } as const;
    });
  });
}

/** `whateverIsThere` is enough in any case; `ifAbsent` where nothing is at the place that is written to. */
interface Needs {
  readonly whateverIsThere: readonly Requirement[];
  readonly ifAbsent: readonly Requirement[];
}

function needsOf(wanted: RequestedOperation, form: PathKind): Needs {
  const { name, path, source, destination, tree } = wanted;
  const need = (operation: OperationName, at: CanonicalPath | undefined): readonly Requirement[] =>
    at === undefined ? [] : [requires(operation, inForm(at, form), { tree })];
  const same = (whateverIsThere: readonly Requirement[]): Needs => ({ whateverIsThere, ifAbsent: whateverIsThere });
  switch (name) {
    case "write":
      return { whateverIsThere: need("modify", path), ifAbsent: need("create", path) };
    case "mkdir":
      return same([requires("mkdir", inForm(path, form), { leading: true })]);
    case "rename":
      return {
        whateverIsThere: [...need("modify", source), ...need("modify", destination)],
        ifAbsent: [...need("create", source), ...need("create", destination)],
      };
    case "copy":
      return {
        whateverIsThere: [...need("read", source), ...need("modify", destination)],
        ifAbsent: [...need("read", source), ...need("create", destination)],
      };
    default:
      return same(need(name, path));
  }
}

/** A path as that of a file, or that of a directory (S4). */
function inForm(path: CanonicalPath, form: PathKind): CanonicalPath {
  if (path === ROOT || path.endsWith("/") === (form === "directory")) return path;
  return (form === "directory" ? `${path}/` : path.slice(0, -1)) as CanonicalPath;
}

/**
 * What makes a file makes one, however its path is written: a scope on `/foo/` shall not create the file `/foo`. Of a rename or
 * copy both ends are what the source is.
 */
function formOf<Req>(wanted: RequestedOperation, judged: Judged<Req>): PathKind | Promise<PathKind> {
  const { name, path, source, remote } = wanted;
  if (name === "mkdir") return "directory";
  if (name === "write" || (remote !== undefined && source === undefined)) return "file";
  const subject = source ?? path;
  const written = subject.endsWith("/") ? "directory" : "file";
  const { kind } = judged.options;
  if (kind === undefined || isEither(wanted, judged)) return written;
  return when(
    callApplication(() => kind(subject, judged.request)),
    (said) => {
      if (said === undefined) return written;
      if (said === "file" || said === "directory") return said;
      throw new TypeError("fromRequest: kind: expected 'file', 'directory' or undefined");
    },
  );
}

/** Whether a file and a directory of this name would be judged alike. */
function isEither<Req>(wanted: RequestedOperation, judged: Judged<Req>): boolean {
  const file = needsOf(wanted, "file");
  const directory = needsOf(wanted, "directory");
  const alike = (needs: keyof Needs): boolean => holdsAll(file[needs], judged) === holdsAll(directory[needs], judged);
  return alike("whateverIsThere") && (judged.options.exists === undefined || alike("ifAbsent"));
}

function isAbsent<Req>(wanted: RequestedOperation, needs: Needs, judged: Judged<Req>): boolean | Promise<boolean> {
  const { exists } = judged.options;
  const { whateverIsThere, ifAbsent } = needs;
  if (exists === undefined || whateverIsThere === ifAbsent) return false;
  if (holdsAll(whateverIsThere, judged) || !holdsAll(ifAbsent, judged)) return false;
  return when(
    callApplication(() => exists(wanted.destination ?? wanted.path, judged.request)),
    (there) => {
      if (typeof there !== "boolean") throw new TypeError("fromRequest: exists: expected true or false");
      return !there;
    },
  );
}

function holdsAll<Req>(requirements: readonly Requirement[], { holds }: Judged<Req>): boolean {
  return requirements.every(holds);
}
