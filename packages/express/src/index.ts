// @scitokens/express: SciTokens for Express 4 and 5.
export { protect } from "./protect.js";
export type { ErrorHandler, Next, ProtectHandler, ProtectOptions } from "./protect.js";
export { scitokens } from "./scitokens.js";
export type { MetadataHandler, SciTokens } from "./scitokens.js";
export { Protect } from "./protect-decorator.js";
export { getToken } from "./token.js";
export type { TokenCarrier } from "./token.js";
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
export type { EnforcerOptions } from "@scitokens/core";
