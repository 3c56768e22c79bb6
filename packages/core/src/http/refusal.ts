// The answer to a refused request: status, challenge and body, from one table. RFC 6750 3, RFC 9457, rules H3 to H5.
import { InsufficientScopeError, IssuerUnavailableError } from "../base/errors.js";
import type { ErrorCode, SciTokenError } from "../base/errors.js";
import { NoStackError } from "../base/no-stack.js";

/** The body of a refusal, `application/problem+json`. Its texts are constant per code. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** The same as in the event of this refusal: what a caller may quote to the operator. */
  readonly requestId: string;
}

/**
 * A refusal as web frameworks understand errors: Express, Koa and Fastify honour `status`, `expose` and `headers`.
 * Its message and stack say no more than the body does; why it was refused is in `cause`, for the operator.
 */
export class Refusal extends NoStackError {
  readonly status: number;
  readonly statusCode: number;
  readonly expose: true;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
  /** Why; holds no token and no claim value, and is yet not for the caller. */
  declare readonly cause: SciTokenError;

  constructor(cause: SciTokenError, headers: Readonly<Record<string, string>>, requestId: string) {
    const { title, detail } = TEXTS[cause.code];
    super(detail, { cause });
    this.name = "Refusal";
    // What a framework shows of an error it does not know: no paths of this machine, no exception's text (H4).
    this.stack = `Refusal: ${detail}`;
    this.status = cause.status;
    this.statusCode = cause.status;
    this.expose = true;
    this.code = cause.code;
    this.headers = Object.freeze(headers);
    this.problem = Object.freeze({
      type: "about:blank",
      title,
      status: cause.status,
      detail,
      code: cause.code,
      requestId,
    });
  }
}

const TEXTS: Readonly<Record<ErrorCode, { readonly title: string; readonly detail: string }>> = {
  missing_token: { title: "Unauthorized", detail: "an access token is needed: Authorization: Bearer <token>" },
  invalid_request: {
    title: "Bad Request",
    detail: "the Authorization header is not one well-formed Bearer credential",
  },
  invalid_token: { title: "Unauthorized", detail: "the access token was refused" },
  insufficient_scope: { title: "Forbidden", detail: "the access token does not cover this request" },
  invalid_path: { title: "Bad Request", detail: "the request's path has no unambiguous meaning" },
  issuer_unavailable: {
    title: "Service Unavailable",
    detail: "the issuer's keys cannot be had at the moment, so the access token was not judged; try again later",
  },
};

export interface ChallengeOptions {
  readonly realm: string;
  /** The scope that the route always requires, if it does. */
  readonly scope: string | undefined;
  /** Where this server's metadata is (RFC 9728 5.1). */
  readonly resourceMetadata: string | undefined;
}

/** Builds the answer to a refused request. */
export function createRefusal(error: SciTokenError, options: ChallengeOptions, requestId: string): Refusal {
  return new Refusal(error, responseHeaders(error, options), requestId);
}

/**
 * Characters. What a request has asked for may be as long as its target, or name thousands of paths; clients and proxies refuse
 * answers with long headers, and the refusal would be lost.
 */
const LONGEST_SCOPE = 2048;

function unlessTooLong(scope: string | undefined): string | undefined {
  return scope !== undefined && scope.length > LONGEST_SCOPE ? undefined : scope;
}

function responseHeaders(error: SciTokenError, options: ChallengeOptions): Readonly<Record<string, string>> {
  const { realm, scope, resourceMetadata } = options;
  const challenge = (
    ...attributes: readonly [name: string, value: string | undefined][]
  ): { "WWW-Authenticate": string } => ({
    "WWW-Authenticate": `Bearer ${[["realm", realm], ...attributes, ["resource_metadata", resourceMetadata]]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}="${value}"`)
      .join(", ")}`,
  });
  switch (error.code) {
    case "missing_token":
      return challenge(["scope", scope]);
    case "invalid_request":
    case "invalid_token":
      return challenge(["error", error.code]);
    case "insufficient_scope":
      return challenge(
        ["error", error.code],
        ["scope", error instanceof InsufficientScopeError ? unlessTooLong(error.required) : undefined],
      );
    case "issuer_unavailable":
      return { "Retry-After": String(error instanceof IssuerUnavailableError ? error.retryAfter : 1) };
    case "invalid_path":
      return {};
  }
}
