// What a route asks for, as it is written: a scope, all or any of several, what the request does, or whatever a function
// says. Rules R3, R4.
import { checkOptionNames } from "../base/option-names.js";
import { booleanOr, functionOr } from "../enforcer/check-option.js";
import { parseOperation } from "./operations.js";
import type { OperationName } from "./operations.js";

/** A function of the request that says which scope it needs; called only for a request with a good token (R6). */
export type ScopeFunction<Req> = (request: Req) => ScopeRule<Req> | Promise<ScopeRule<Req>>;

/**
 * A required scope, written as in a token (`read:/data`); a list, all of which are required; `anyOf` and `allOf`;
 * `fromRequest()`; `operation()`; or a function of the request.
 */
export type ScopeRule<Req = unknown> =
  | string
  | readonly ScopeRule<Req>[]
  | AnyOf<Req>
  | AllOf<Req>
  | FromRequest<Req>
  | OnPath
  | ScopeFunction<Req>;

export interface AnyOf<Req> {
  readonly anyOf: readonly ScopeRule<Req>[];
}

export interface AllOf<Req> {
  readonly allOf: readonly ScopeRule<Req>[];
}

/** What a server knows of its files, for `fromRequest()`. Paths are the server's own, decoded, and without a slash at the end. */
export interface FromRequestOptions<Req> {
  /**
   * Whether something is at a path. With it, PUT, POST, MOVE and COPY need `storage.create` only where nothing is; without it,
   * always `storage.modify`. Asked only where the answer decides: of a token that may create there and not modify. What it
   * throws, or returns but true and false, is the program's error; let it reject after a time.
   */
  readonly exists?: (path: string, request: Req) => boolean | Promise<boolean>;
  /**
   * What is at a path; undefined: nothing. A scope on `/foo/` covers the directory `/foo`, however the request spells it, and
   * no file of that name (S4). Without it a trailing slash says so. What PUT and POST write is a file, and what MKCOL makes a
   * directory; what MOVE and COPY make is a directory only where this says that their source is one, and no file is in its
   * place. Asked only where the answer decides.
   */
  readonly kind?: (path: string, request: Req) => PathKind | undefined | Promise<PathKind | undefined>;
  /**
   * Lets a COPY through whose other end is on another server, judged by the end that is here: the server will send a request
   * to a URL of the client's choice. Default false: refused.
   */
  readonly thirdPartyCopy?: boolean;
}

export type PathKind = "file" | "directory";

/** The request's own method and path, as grid storage reads them. */
export interface FromRequest<Req> {
  readonly fromRequest: FromRequestOptions<Req>;
}

/** An operation on a path that is not the request's target. */
export interface OnPath {
  readonly operation: OperationName;
  /** Decoded, of the whole server. */
  readonly path: string;
}

/**
 * One of these is enough. They are asked in this order, and after the first that is met no other is: put what is known at
 * once before what asks a database. The first is what a refusal tells the client to ask for.
 * @example protect({ ..., scope: anyOf("gwdatafind.read", "read:/frames") })
 */
export function anyOf<Req = unknown>(...rules: readonly ScopeRule<Req>[]): AnyOf<Req> {
  return Object.freeze({ anyOf: Object.freeze(rules) });
}

/** All of these are required, as with a list. */
export function allOf<Req = unknown>(...rules: readonly ScopeRule<Req>[]): AllOf<Req> {
  return Object.freeze({ allOf: Object.freeze(rules) });
}

/**
 * Asks for what the request does, by its method, its path, and the `Destination` or `Source` of MOVE and COPY (R3): GET reads,
 * HEAD looks, PUT creates or modifies, ...; methods without a meaning are refused. Paths are the raw target's (R2), relative to
 * the issuer's `basePath` (S8). Serve by `operationOf()`: what was judged is then what is done.
 * @throws {TypeError} for a wrong option, which it names
 * @example protect({ issuer, audience, scope: fromRequest({ exists: (path) => files.has(path) }) })
 */
export function fromRequest<Req = unknown>(options: FromRequestOptions<Req> = {}): FromRequest<Req> {
  return Object.freeze({ fromRequest: checkFromRequest(options) });
}

/** @throws {TypeError} */
export function checkFromRequest<Req>(options: FromRequestOptions<Req>): FromRequestOptions<Req> {
  checkOptionNames("fromRequest", options, ["exists", "kind", "thirdPartyCopy"]);
  const { exists, kind, thirdPartyCopy } = options;
  functionOr("fromRequest: exists", exists);
  functionOr("fromRequest: kind", kind);
  booleanOr("fromRequest: thirdPartyCopy", thirdPartyCopy, false);
  // Methods of a class are not among its own members, and want their object.
  return Object.freeze({
    ...(exists && { exists: exists.bind(options) }),
    ...(kind && { kind: kind.bind(options) }),
    ...(thirdPartyCopy !== undefined && { thirdPartyCopy }),
  });
}

/**
 * Asks for what an operation on a path needs, for requests that name their paths elsewhere than in their target: in the body
 * of a tape API's `stage`, say. The path is decoded, absolute, and of the whole server, as `fromRequest()` takes it.
 * @throws {TypeError} for an unknown operation
 * @throws {InvalidPathError} (that request's 400) for a path with `..`, a backslash or a control character (R1)
 * @example protect({ ..., scope: (req) => req.body.files.map(({ path }) => operation("stage", path)) })
 */
export function operation(name: OperationName, path: string): OnPath {
  parseOperation(name, path);
  return Object.freeze({ operation: name, path });
}
