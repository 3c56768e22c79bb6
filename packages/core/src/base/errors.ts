// Every way a request can be refused, one class for each row of the answer table. Rule H3.
import { NoStackError } from "./no-stack.js";

/** What a refusal is called: RFC 6750's names, and ours for the rows it has none for (H3). */
export type ErrorCode =
  | "missing_token"
  | "invalid_request"
  | "invalid_token"
  | "insufficient_scope"
  | "invalid_path"
  | "issuer_unavailable";

/** Why a token was refused: which check failed, in one word. For the operator; never sent to the caller (H6). */
export type TokenReason =
  | "malformed"
  | "untrusted_issuer"
  | "header"
  | "algorithm"
  | "unknown_key"
  | "signature"
  | "expired"
  | "not_yet_valid"
  | "lifetime"
  | "profile"
  | "missing_claim"
  | "invalid_claim"
  | "unknown_claim"
  | "token_type"
  | "sender_constrained"
  | "audience"
  | "scope_syntax"
  | "schema"
  | "revoked";

/** Why a good token was not enough. */
export type ScopeReason = "capability" | "groups" | "base_path" | "method";

export type Reason = TokenReason | ScopeReason | Exclude<ErrorCode, "invalid_token" | "insufficient_scope">;

/**
 * A refused request. `code` says what happened and never changes meaning; `status` is the HTTP status of that row of
 * the table (H3); `reason` names the check that failed. The message is for the operator's eyes: it never holds a
 * token, a key or a claim's value.
 */
export abstract class SciTokenError extends NoStackError {
  abstract readonly code: ErrorCode;
  abstract readonly status: number;
  abstract readonly reason: Reason;
  /** What the operator could do about it, where that is known. */
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly hint?: string | undefined } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** 401: no credentials, or those of another scheme. */
export class MissingTokenError extends SciTokenError {
  readonly code = "missing_token";
  readonly status = 401;
  readonly reason = "missing_token";
}

/** 400: an Authorization header that is not one well-formed Bearer credential (RFC 6750 3.1). */
export class InvalidRequestError extends SciTokenError {
  readonly code = "invalid_request";
  readonly status = 400;
  readonly reason = "invalid_request";
}

/** 401: the token itself was refused; `reason` says by which check. */
export class InvalidTokenError extends SciTokenError {
  readonly code = "invalid_token";
  readonly status = 401;
  readonly reason: TokenReason;

  constructor(
    reason: TokenReason,
    message: string,
    options?: { readonly cause?: unknown; readonly hint?: string | undefined },
  ) {
    super(message, options);
    this.reason = reason;
  }
}

/** 403: the token is good, and does not cover what was asked. */
export class InsufficientScopeError extends SciTokenError {
  readonly code = "insufficient_scope";
  readonly status = 403;
  readonly reason: ScopeReason;
  /** The scope that would have been enough, written as in a token; undefined when none would. */
  readonly required: string | undefined;

  constructor(reason: ScopeReason, message: string, required?: string) {
    super(message);
    this.reason = reason;
    this.required = required;
  }
}

/** 400: the request's path is not one that a decision can be made on (R2). */
export class InvalidPathError extends SciTokenError {
  readonly code = "invalid_path";
  readonly status = 400;
  readonly reason = "invalid_path";
}

/** 503: the issuer's keys cannot be had, so the token was not judged (I9). */
export class IssuerUnavailableError extends SciTokenError {
  readonly code = "issuer_unavailable";
  readonly status = 503;
  readonly reason = "issuer_unavailable";
  readonly issuer: string;
  /** Seconds until the issuer is asked again, at least 1. */
  readonly retryAfter: number;

  constructor(issuer: string, retryAfter: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.issuer = issuer;
    this.retryAfter = Math.max(1, Math.ceil(retryAfter));
  }
}
