// @scitokens/nest: SciTokens for NestJS 10, 11 and 12, on Express and on Fastify.
export { SciTokensModule } from "./module.js";
export type { SciTokensAsyncOptions, SciTokensOptionsFactory } from "./async-options.js";
export { SCITOKENS } from "./settings.js";
export type { Credentials, SciTokens, SciTokensOptions } from "./settings.js";
export { SciTokensGuard } from "./guard.js";
export { Protect } from "./protect-decorator.js";
export type { Protected } from "./protect-decorator.js";
export { Public } from "./public-decorator.js";
export type { MarkDecorator } from "./mark.js";
export { getToken, Token } from "./token.js";
export type { TokenCarrier, TokenSelector } from "./token.js";
export { problemDetails, ProblemDetailsFilter } from "./problem-details.js";
export { RefusedException } from "./refuse.js";
export type { PlatformRequest } from "./platform.js";
export { allOf, anyOf, fromRequest, operation, operationOf, Refusal, requestPath, scope } from "@scitokens/core/http";
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
  ProtectOptions,
  ScopeFunction,
  ScopeRule,
} from "@scitokens/core/http";
export { SciToken } from "@scitokens/core";
