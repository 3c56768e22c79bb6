// What a request does, by its method: the operation, and the paths it is about. WLCG 2.2.1, RFC 4918 9, RFC 9110 9.3, rule R3.
import { InsufficientScopeError, InvalidPathError } from "../base/errors.js";
import type { CanonicalPath } from "../scopes/path.js";
import { readOtherEnd } from "./other-end.js";
import type { OtherEnd, ThisServer } from "./other-end.js";
import { parseTarget } from "./request-path.js";

/** What a request does, as it was judged. Paths are decoded and of the whole server, as `requestPath()` returns them. */
export interface Operation {
  /** `write` is PUT's and POST's: create or replace. `modify` is DELETE's, PATCH's and PROPPATCH's. */
  readonly name: "read" | "list" | "stat" | "write" | "mkdir" | "modify" | "rename" | "copy";
  /** The target's. */
  readonly path: string;
  /** Of a rename or copy, where these ends are on this server: one of them is the target. */
  readonly source?: string;
  readonly destination?: string;
  /** The URL of the end that is on another server, in a third-party copy. */
  readonly remote?: string;
  /**
   * Whether what is there already may be replaced or changed. False where the token may only create: something may have come to
   * be there since `exists` was asked, so create it exclusively, and fail if it is there. False for what replaces nothing, too.
   */
  readonly mayReplace: boolean;
}

/** Before it is judged. */
export type RequestedOperation = Omit<Operation, "mayReplace" | "path" | "source" | "destination"> & {
  readonly path: CanonicalPath;
  readonly source?: CanonicalPath;
  readonly destination?: CanonicalPath;
  /** Whether all below the path is touched, and not only the path itself. */
  readonly tree: boolean;
};

/** Where a request says what it does. */
export interface OperationFacts extends ThisServer {
  readonly method: string;
  readonly target: string;
  readonly thirdPartyCopy: boolean;
}

/**
 * @throws {InsufficientScopeError} reason `method`: for a method without a meaning here, for the other end on another server
 * @throws {InvalidPathError}
 */
export function readOperation(facts: OperationFacts): RequestedOperation {
  const { method, target } = facts;
  switch (method) {
    case "GET":
      return { name: "read", path: parseTarget(target), tree: false };
    case "HEAD":
    case "OPTIONS":
      return { name: "stat", path: parseTarget(target), tree: false };
    case "PROPFIND":
      return { ...readDepth(facts), path: parseTarget(target) };
    case "PUT":
    case "POST":
      return { name: "write", path: parseTarget(target), tree: false };
    case "MKCOL":
      return { name: "mkdir", path: parseTarget(target), tree: false };
    case "PATCH":
    case "PROPPATCH":
      return { name: "modify", path: parseTarget(target), tree: false };
    case "DELETE":
      return { name: "modify", path: parseTarget(target), tree: true };
    case "MOVE":
      return { name: "rename", ...readMove(facts), tree: true };
    case "COPY":
      return { name: "copy", ...readCopy(facts), tree: true };
    default:
      throw new InsufficientScopeError("method", "no scope is known for the request's method");
  }
}

/** Whatever is not surely Depth 0 lists; without it, or with several, all below (RFC 4918 10.2). */
function readDepth({ header }: OperationFacts): Pick<RequestedOperation, "name" | "tree"> {
  const lines = header("depth");
  const depth = lines.length === 1 ? lines[0] : undefined;
  return depth === "0" ? { name: "stat", tree: false } : { name: "list", tree: depth !== "1" };
}

type Ends = Pick<RequestedOperation, "path" | "source" | "destination" | "remote">;

function readMove(facts: OperationFacts): Ends {
  const path = parseTarget(facts.target);
  const destination = readOtherEnd("Destination", facts);
  if (destination === undefined) throw new InvalidPathError("Destination: expected of MOVE");
  if ("remote" in destination) throw elsewhere();
  return { path, source: path, destination: destination.path };
}

/** HTTP-TPC of WLCG DOMA: a Destination pushes, a Source pulls. */
function readCopy(facts: OperationFacts): Ends {
  const path = parseTarget(facts.target);
  const destination = readOtherEnd("Destination", facts);
  const source = readOtherEnd("Source", facts);
  const other = destination ?? source;
  if (other === undefined || (destination !== undefined && source !== undefined)) {
    throw new InvalidPathError("COPY: expected a Destination or a Source");
  }
  if ("remote" in other && !facts.thirdPartyCopy) throw elsewhere();
  return destination === undefined
    ? { path, ...end("source", other), destination: path }
    : { path, source: path, ...end("destination", other) };
}

function end(name: "source" | "destination", other: OtherEnd): Partial<Ends> {
  return "remote" in other ? other : { [name]: other.path };
}

function elsewhere(): InsufficientScopeError {
  return new InsufficientScopeError("method", "the other end of a MOVE or COPY is on another server");
}
