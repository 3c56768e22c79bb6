// @scitokens/fastify: SciTokens for Fastify 5 and 4.
export { protect } from "./protect.js";
export type {
  ErrorHandler,
  ProtectedRequest,
  ProtectHook,
  ProtectOptions,
  RouteConfig,
  RouteRequest,
} from "./protect.js";
export { scitokens, scitokens as default } from "./scitokens.js";
export type { SciTokens } from "./scitokens.js";
export { Protect } from "./protect-decorator.js";
export { getToken } from "./token.js";
export type { TokenCarrier } from "./token.js";
export { problemDetails } from "./problem-details.js";
export type { MetadataRoute } from "./metadata-route.js";
export type { ProtectedReply } from "./reply.js";
export {
  allOf,
  anyOf,
  fromRequest,
  operation,
  operationOf,
  Refusal,
  requestPath,
  scope,
  Token,
} from "@scitokens/core/http";
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
} from "@scitokens/core/http";
export { SciToken } from "@scitokens/core";
export type { EnforcerOptions } from "@scitokens/core";
