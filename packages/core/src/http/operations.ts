// What each operation of grid storage needs: the names of rights, any of which will do. WLCG 2.2.1, rule R3.
import { InvalidPathError } from "../base/errors.js";
import { suggest } from "../base/option-names.js";
import { parseDecodedPath, PathError } from "../scopes/path.js";
import type { CanonicalPath } from "../scopes/path.js";
import type { Requirement } from "./requirement.js";

/** An operation on one path, as WLCG 2.2.1 tells them apart; `list` is a directory's, `mkdir` makes one. */
export type OperationName = "read" | "list" | "stat" | "create" | "mkdir" | "modify" | "stage" | "poll";

const READ = ["storage.read", "read"];
const CREATE = ["storage.create", "storage.modify", "write"];

/** The first is what a challenge names. Both languages' names, so that it holds with `equivalence: false` too (S5). */
const NAMES: Readonly<Record<OperationName, readonly string[]>> = {
  read: READ,
  list: READ,
  stat: [...READ, "storage.create", "storage.modify", "storage.stage", "write"],
  create: CREATE,
  mkdir: CREATE,
  modify: ["storage.modify", "write"],
  stage: ["storage.stage"],
  poll: ["storage.poll", "storage.stage"],
};

/** What is touched besides the path: all below it; or, before it can be made, the directories above it. */
export interface Reach {
  readonly tree?: boolean;
  readonly leading?: boolean;
}

/** The requirement of an operation on a path of the server. */
export function requires(name: OperationName, path: CanonicalPath, { tree, leading }: Reach = {}): Requirement {
  const of = NAMES[name].map((authz) => {
    const asked = { authz, path, of: "request", leading, tree } as const;
    return { kind: "capability", asked } as const;
  });
  return { kind: "any", of };
}

/**
 * The requirement of an operation that a rule names together with its path. What it may touch below the path, or make above
 * it, is not known: the most it may.
 * @throws {TypeError} for an unknown operation
 * @throws {InvalidPathError}
 */
export function parseOperation(name: OperationName, path: string): Requirement {
  if (!Object.hasOwn(NAMES, name)) {
    const said: unknown = name; // by a caller without types
    throw new TypeError(`operation: unknown '${String(said)}'${suggest(String(said), Object.keys(NAMES))}`);
  }
  if (typeof path !== "string") throw new TypeError("operation: expected a path, decoded and absolute");
  return requires(name, parsePath(path), { tree: TREE.has(name), leading: name === "mkdir" });
}

const TREE: ReadonlySet<string> = new Set<OperationName>(["list", "modify"]);

function parsePath(path: string): CanonicalPath {
  try {
    return parseDecodedPath(path);
  } catch (cause) {
    if (cause instanceof PathError) throw new InvalidPathError(`operation: ${cause.message}`, { cause });
    throw cause;
  }
}
