// What a route asks for, as it is written: a scope, all or any of several, or whatever a function says. Rules R3, R4.

/** A function of the request that says which scope it needs; called only for a request with a good token (R6). */
export type ScopeFunction<Req> = (request: Req) => ScopeRule<Req> | Promise<ScopeRule<Req>>;

/**
 * A required scope, written as in a token (`read:/data`); a list, all of which are required; `anyOf` and `allOf`;
 * `fromRequest()`; or a function of the request.
 */
export type ScopeRule<Req = unknown> =
  | string
  | readonly ScopeRule<Req>[]
  | AnyOf<Req>
  | AllOf<Req>
  | FromRequest
  | ScopeFunction<Req>;

export interface AnyOf<Req> {
  readonly anyOf: readonly ScopeRule<Req>[];
}

export interface AllOf<Req> {
  readonly allOf: readonly ScopeRule<Req>[];
}

/** The request's own method and path, as grid storage reads them. */
export interface FromRequest {
  readonly fromRequest: true;
}

/**
 * One of these is enough. The first is what a refusal tells the client to ask for.
 * @example protect({ ..., scope: anyOf("gwdatafind.read", "read:/frames") })
 */
export function anyOf<Req = unknown>(...rules: readonly ScopeRule<Req>[]): AnyOf<Req> {
  return Object.freeze({ anyOf: Object.freeze(rules) });
}

/** All of these are required, as with a list. */
export function allOf<Req = unknown>(...rules: readonly ScopeRule<Req>[]): AllOf<Req> {
  return Object.freeze({ allOf: Object.freeze(rules) });
}

const FROM_REQUEST: FromRequest = Object.freeze({ fromRequest: true });

/**
 * Asks for what the request does: GET reads its path, HEAD looks at it. Other methods are refused.
 * The path is the raw target's (R2), relative to the issuer's `basePath` (S8). Serve by `requestPath()`, or by a router
 * that is as exact: case and trailing slashes count.
 * @example protect({ issuer, audience, scope: fromRequest() })
 */
export function fromRequest(): FromRequest {
  return FROM_REQUEST;
}
