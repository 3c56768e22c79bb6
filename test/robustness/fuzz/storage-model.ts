// What one request for a file may do, by the rules' own sentences: no index, no shortcut, each scope looked at for each
// right. Rules R2, R3, R6, S4, S7, S8; methods as the WLCG profile's 2.2.1 names what they do.
import { isRefused, isWithin, readTarget, write } from "./path-model.js";
import type { ModelPath } from "./path-model.js";
import { holderOf } from "./storage-holder-model.js";
import type { Holder, ModelToken, Rights, Site } from "./storage-holder-model.js";
import { readEnd } from "./storage-ends-model.js";

export type Kind = "file" | "directory" | undefined;

export interface ModelRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  /** Header lines, as they came. */
  readonly depth: readonly string[];
  readonly destination: readonly string[];
  readonly source: readonly string[];
}

/** What the server says of a path, where its options let it be asked. */
export interface Server extends Site {
  readonly exists?: (path: string) => boolean;
  readonly kind?: (path: string) => Kind;
  readonly thirdPartyCopy: boolean;
}

export interface ModelOperation {
  readonly name: string;
  readonly path: string;
  readonly source?: string;
  readonly destination?: string;
  readonly remote?: string;
  /** Of what writes a file or moves one; for anything else it means nothing. */
  readonly mayReplace?: boolean;
}

export type ModelDecision =
  | { readonly status: 200; readonly operation: ModelOperation }
  | { readonly status: 400 | 401 }
  /** `asks`: what the challenge names; nothing for a method that is refused, or a path outside (H3). */
  | { readonly status: 403; readonly asks: readonly string[] };

const BAD_PATH = { status: 400 } as const;
/** Refused whatever scopes there are: for who it is, for its method, for another server. */
const WHATEVER_IT_SAYS = { status: 403, asks: [] } as const;

type Name = "read" | "list" | "stat" | "write" | "mkdir" | "modify" | "rename" | "copy";

/** R3, the table; undefined: refused. */
function nameOf({ method, depth }: ModelRequest): Name | undefined {
  if (method === "GET") return "read";
  if (method === "HEAD" || method === "OPTIONS") return "stat";
  if (method === "PROPFIND") return depth.length === 1 && depth[0] === "0" ? "stat" : "list";
  if (method === "PUT" || method === "POST") return "write";
  if (method === "MKCOL") return "mkdir";
  if (method === "DELETE" || method === "PATCH" || method === "PROPPATCH") return "modify";
  if (method === "MOVE") return "rename";
  return method === "COPY" ? "copy" : undefined;
}

/**
 * S7: whether it touches what is below its path as well. MOVE and COPY do so at both ends: what is overwritten goes with
 * all that is in it (RFC 4918 9.8.4, 9.9.3).
 */
function isDeep({ method, depth }: ModelRequest): boolean {
  if (method === "PROPFIND") return depth.length !== 1 || !["0", "1"].includes(depth[0] ?? "");
  return method === "DELETE" || method === "MOVE" || method === "COPY";
}

/** R6: the token, then the method, then the paths, then what is there, then the rights. */
export function decide(request: ModelRequest, token: ModelToken, server: Server): ModelDecision {
  const holder = holderOf(token, server);
  if (holder === undefined) return { status: 401 };
  if (holder.isNobody) return WHATEVER_IT_SAYS;
  const name = nameOf(request);
  if (name === undefined) return WHATEVER_IT_SAYS;
  const target = readTarget(request.target);
  if (isRefused(target)) return BAD_PATH;
  if (name === "rename" || name === "copy") return decideEnds(request, { name, target, holder, server });

  const path = formed(target, madeBy(name) ?? kindAt(server, target));
  const way = { holder, path, deep: isDeep(request) };
  const done = { name, path: write(target) };
  if (name === "read" || name === "list") return simply(way, "read", done);
  if (name === "stat") return simply(way, "stat", done);
  if (name === "mkdir") return simply(way, "mkdir", done);
  if (name === "modify") return simply(way, "modify", done);
  if (isGranted(way, "modify")) return { status: 200, operation: { ...done, mayReplace: true } };
  if (isAbsent(server, target) && isGranted(way, "create"))
    return { status: 200, operation: { ...done, mayReplace: false } };
  return { status: 403, asks: asked([[way, "modify"]]) };
}

interface Way {
  readonly holder: Holder;
  /** In the form of what is there (S4). */
  readonly path: ModelPath;
  readonly deep: boolean;
}

function simply(way: Way, right: Named, operation: ModelOperation): ModelDecision {
  return isGranted(way, right) ? { status: 200, operation } : { status: 403, asks: asked([[way, right]]) };
}

/** R3, MOVE and COPY: two ends, or one where the other is another server's. */
function decideEnds(
  request: ModelRequest,
  { name, target, holder, server }: { name: "rename" | "copy"; target: ModelPath; holder: Holder; server: Server },
): ModelDecision {
  const pulls = name === "copy" && request.source.length > 0;
  if (pulls === request.destination.length > 0) return BAD_PATH; // neither, or both; a MOVE has a Destination
  const end = readEnd(pulls ? request.source : request.destination, {
    host: request.host,
    audiences: server.audiences,
  });
  if (end === "bad") return BAD_PATH;
  if ("remote" in end) {
    if (name === "rename" || !server.thirdPartyCopy) return WHATEVER_IT_SAYS;
    return pulls ? pull(end.remote, { target, holder, server }) : push(end.remote, { target, holder, server });
  }
  const [source, destination] = pulls ? [end.path, target] : [target, end.path];
  // What is moved or copied is at its end what it was at its start, if that is known, and else a file; a file in its place is one.
  const known = kindAt(server, source);
  const isTree = known === "directory" && kindAt(server, destination) !== "file";
  const from = { holder, path: formed(source, known), deep: true };
  const to = { holder, path: formed(destination, isTree ? "directory" : "file"), deep: true };
  const done = { name, path: write(target), source: write(source), destination: write(destination), mayReplace: false };
  const [atSource, otherwise] = name === "copy" ? (["read", "read"] as const) : (["modify", "create"] as const);
  if (isGranted(from, atSource) && isGranted(to, "modify"))
    return { status: 200, operation: { ...done, mayReplace: true } };
  if (isAbsent(server, destination) && isGranted(from, otherwise) && isGranted(to, "create"))
    return { status: 200, operation: done };
  return {
    status: 403,
    asks: asked([
      [from, atSource],
      [to, "modify"],
    ]),
  };
}

interface Local {
  readonly target: ModelPath;
  readonly holder: Holder;
  readonly server: Server;
}

/** What another server sends is written here: a file, as far as anybody knows. */
function pull(remote: string, { target, holder, server }: Local): ModelDecision {
  const way = { holder, path: formed(target, "file"), deep: true };
  const done = { name: "copy", path: write(target), destination: write(target), remote, mayReplace: false };
  if (isGranted(way, "modify")) return { status: 200, operation: { ...done, mayReplace: true } };
  if (isAbsent(server, target) && isGranted(way, "create")) return { status: 200, operation: done };
  return { status: 403, asks: asked([[way, "modify"]]) };
}

/** What is read here is sent to another server; what may be replaced there is for that server to say. */
function push(remote: string, { target, holder, server }: Local): ModelDecision {
  const way = { holder, path: formed(target, kindAt(server, target)), deep: true };
  return simply(way, "read", { name: "copy", path: write(target), source: write(target), remote });
}

/** S4: what is made has a form of its own, however its path is written. */
function madeBy(name: Name): Kind {
  if (name === "write") return "file";
  return name === "mkdir" ? "directory" : undefined;
}

/** S4: a directory has a slash at its end, a file has none, and what nothing is known of stays as it is written. */
function formed(path: ModelPath, kind: Kind): ModelPath {
  if (kind === undefined || path.names.length === 0) return path;
  return { names: path.names, directory: kind === "directory" };
}

/** The server's functions are asked without a slash at the end. */
const isAbsent = ({ exists }: Server, path: ModelPath): boolean =>
  exists !== undefined && !exists(write({ ...path, directory: path.names.length === 0 }));
const kindAt = ({ kind }: Server, path: ModelPath): Kind =>
  kind?.(write({ ...path, directory: path.names.length === 0 }));

/** S8: what is outside of every area is nobody's; inside, the rest counts. */
function restOf(areas: readonly ModelPath[], path: ModelPath): ModelPath | undefined {
  if (areas.length === 0) return path;
  for (const area of areas) {
    if (!isWithin(path, area)) continue;
    const names = path.names.slice(area.names.length);
    return { names, directory: names.length === 0 || path.directory };
  }
  return undefined;
}

function isGranted({ holder, path, deep }: Way, right: keyof Rights): boolean {
  const rest = restOf(holder.areas, path);
  return rest !== undefined && holder.may(right, rest, deep);
}

const NAMED = {
  read: "storage.read",
  stat: "storage.read",
  mkdir: "storage.create",
  modify: "storage.modify",
} as const;
type Named = keyof typeof NAMED;

/** H3: a scope for each end, its path decoded, without a slash at its end; modify, whether something is there or not (R3). */
function asked(ends: readonly (readonly [Way, Named])[]): readonly string[] {
  const scopes: string[] = [];
  for (const [{ holder, path }, right] of ends) {
    const rest = restOf(holder.areas, path);
    if (rest === undefined) return [];
    scopes.push(`${NAMED[right]}:${write({ ...rest, directory: false })}`);
  }
  return [...new Set(scopes)];
}
