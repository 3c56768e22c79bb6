// @scitokens/core: verify and enforce capability tokens. Everything public of the main entry.
export { createEnforcer } from "./enforcer/enforcer.js";
export type { Enforcer, IssuerStatus } from "./enforcer/enforcer-type.js";
export type { Audience, EnforcerOptions, IssuerOptions, KeyOptions } from "./enforcer/option-types.js";
export { SciToken } from "./enforcer/sci-token.js";
export type { Claims } from "./enforcer/sci-token.js";
export type { CheckName, CheckResult, Explanation, ScopeExplanation } from "./enforcer/explain.js";
export { Validator } from "./claims/validator.js";
export type { ClaimValidator } from "./claims/validator.js";
export type { ClaimsSchema } from "./claims/schema.js";
export { decodeUnverified } from "./jwt/decode.js";
export type { UnverifiedToken } from "./jwt/decode.js";
export type { KeyStore } from "./issuers/key-store.js";
export type { Acl } from "./scopes/acl.js";
export type { ProfileName } from "./profiles/profile.js";
export type { Algorithm } from "./base/algorithms.js";
export type { JsonObject } from "./base/json.js";
export { EVENT_CHANNEL } from "./base/events.js";
export { logEvents } from "./base/log-events.js";
export type { LogEventsOptions, Logger, LogLevel } from "./base/log-events.js";
export type {
  AllowedEvent,
  ClaimOwedEvent,
  GrantedBy,
  KeysFailedEvent,
  KeysFetchedEvent,
  KeysRecalledEvent,
  KeyStoreFailedEvent,
  PrivateKeyPublishedEvent,
  RefusedEvent,
  ReportOnlyEvent,
  RequestSummary,
  SciTokenEvent,
  TokenSummary,
} from "./base/events.js";
export {
  InsufficientScopeError,
  InvalidPathError,
  InvalidRequestError,
  InvalidTokenError,
  IssuerUnavailableError,
  MissingTokenError,
  SciTokenError,
} from "./base/errors.js";
export type { ErrorCode, Reason, ScopeReason, TokenReason } from "./base/errors.js";
