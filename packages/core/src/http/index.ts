// @scitokens/core/http: one decision for adapters, and for servers without a framework.
export { authorizeRequest } from "./authorize-request.js";
export type { Decision, RequestFacts } from "./authorize-request.js";
export type { ReadHeader } from "./other-end.js";
export { asError, callProgram } from "./program-error.js";
export { checkOnError, checkRouteOptions } from "./adapter-options.js";
export { createProtection } from "./protection.js";
export type { ProtectOptions, Protection, RouteOptions } from "./protection.js";
export { createProtections } from "./protections.js";
export type { Protections } from "./protections.js";
export { refusalAnswer } from "./answer.js";
export type { Answer } from "./answer.js";
export type { ResourceMetadata, ResourceMetadataOptions } from "./resource-metadata.js";
export { Refusal } from "./refusal.js";
export type { Problem } from "./refusal.js";
export { requestPath } from "./request-path.js";
export { allOf, anyOf, fromRequest, operation } from "./scope-rule.js";
export type {
  AllOf,
  AnyOf,
  FromRequest,
  FromRequestOptions,
  OnPath,
  PathKind,
  ScopeFunction,
  ScopeRule,
} from "./scope-rule.js";
export { operationOf } from "./operation-of.js";
export type { Operation } from "./request-operation.js";
export type { OperationName } from "./operations.js";
export type { GroupRule, HostRule } from "./policies.js";
export type { PolicyOptions } from "../scopes/policy.js";
export { scope } from "./scope-template.js";
export { createProtectDecorator, Token } from "./decorators.js";
export type { Guard, ProtectDecorator, TokenDecorator } from "./decorators.js";
export { applyRefusal, nodeFacts, sendAnswer, sendRefusal, withdrawRefusal } from "./node-request.js";
export type { NodeRequest, NodeResponse, SeenRequest } from "./node-request.js";
