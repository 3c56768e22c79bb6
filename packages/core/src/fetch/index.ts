// @scitokens/core/fetch: SciTokens for web-standard servers: Hono, Bun, Deno, Workers, and whatever else takes a Request.
export { protectFetch } from "./protect-fetch.js";
export type { ErrorHandler, FetchGuard, ProtectOptions } from "./protect-fetch.js";
export { scitokens } from "./scitokens.js";
export type { FetchRouteOptions, MetadataHandler, SciTokens } from "./scitokens.js";
export { allOf, anyOf, fromRequest, operation, operationOf, Refusal, requestPath, scope } from "../http/index.js";
export type {
  AllOf,
  AnyOf,
  FromRequest,
  FromRequestOptions,
  GroupRule,
  HostRule,
  Operation,
  OnPath,
  OperationName,
  PathKind,
  PolicyOptions,
  Problem,
  ResourceMetadataOptions,
  ScopeFunction,
  ScopeRule,
} from "../http/index.js";
export { SciToken } from "../enforcer/sci-token.js";
export type { EnforcerOptions } from "../enforcer/option-types.js";
