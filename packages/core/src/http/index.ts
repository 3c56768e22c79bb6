// @scitokens/core/http: one decision for adapters, and for servers without a framework.
export { authorizeRequest } from "./authorize-request.js";
export type { Decision, RequestFacts } from "./authorize-request.js";
export { createProtection, createProtections } from "./protection.js";
export type { ProtectOptions, Protection, Protections, RouteOptions } from "./protection.js";
export { Refusal } from "./refusal.js";
export type { Problem } from "./refusal.js";
export { requestPath } from "./request-path.js";
export { allOf, anyOf, fromRequest } from "./scope-rule.js";
export type { AllOf, AnyOf, FromRequest, ScopeFunction, ScopeRule } from "./scope-rule.js";
export { scope } from "./scope-template.js";
export { createProtectDecorator, Token } from "./decorators.js";
export type { Guard, ProtectDecorator, TokenDecorator } from "./decorators.js";
export { applyRefusal, nodeFacts, sendRefusal } from "./node-request.js";
export type { NodeRequest, NodeResponse } from "./node-request.js";
