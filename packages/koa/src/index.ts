// @scitokens/koa: SciTokens for Koa 2 and 3.
export { protect } from "./protect.js";
export type { ErrorHandler, ProtectMiddleware, ProtectOptions } from "./protect.js";
export { scitokens } from "./scitokens.js";
export type { SciTokens } from "./scitokens.js";
export { Protect } from "./protect-decorator.js";
export { getToken } from "./token.js";
export type { TokenCarrier, TokenState } from "./token.js";
export { problemDetails } from "./problem-details.js";
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
