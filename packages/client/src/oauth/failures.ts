// Why an issuer gave no token, in one error. RFC 6749 5.2, RFC 8628 3.5, OpenID Connect Core 3.1.2.6. What openid-client throws
// holds whole answers, tokens included: nothing of it is passed on but an error's code and its description, made printable.
import { DeadlineError } from "../base/deadline.js";
import { TokenError } from "../base/errors.js";
import type { TokenErrorCode } from "../base/errors.js";
import { printable } from "../base/printable.js";

/** The issuer answered with an error of OAuth. */
export class OAuthError extends TokenError {
  /** As the issuer has it: `invalid_scope`, `invalid_client`, ... */
  readonly error: string;

  constructor(code: TokenErrorCode, message: string, facts: { readonly source: string; readonly error: string }) {
    super(code, message, { source: facts.source });
    this.name = "OAuthError";
    this.error = facts.error;
  }
}

export interface FailedCall {
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
  /** What was sent, and must not come back in a message. */
  readonly secrets: readonly (string | undefined)[];
}

/** Whatever is not listed is a plain refusal. */
const MEANINGS: Readonly<Record<string, TokenErrorCode>> = {
  invalid_grant: "interaction_needed",
  expired_token: "interaction_needed",
  login_required: "interaction_needed",
  consent_required: "interaction_needed",
  interaction_required: "interaction_needed",
  account_selection_required: "interaction_needed",
  temporarily_unavailable: "unreachable",
  server_error: "unreachable",
};

/** Turns what a call threw into a TokenError; the caller's own reason where its signal ended the call. */
export async function explainFailure(thrown: unknown, call: FailedCall): Promise<unknown> {
  if (call.signal?.aborted === true) return call.signal.reason;
  const chain = causes(thrown);
  const known = chain.find((error) => error instanceof TokenError);
  if (known !== undefined) return known;
  const response = chain.find((error) => error instanceof Response);
  const passing = response !== undefined && (response.status >= 500 || response.status === 429);
  for (const error of chain) {
    const body = await errorBody(error);
    if (body !== undefined) return oauthError(body, { ...call, passing });
  }
  const { source } = call;
  const member = chain.map(memberOf).find((name) => name !== undefined);
  if (member !== undefined && response?.ok !== false) {
    return new TokenError("unusable", `${source}: in the answer, ${member} is not what OAuth has there`, { source });
  }
  if (response !== undefined && response.status !== 200) {
    return new TokenError(
      meaningOfStatus(response.status),
      `${source}: the issuer answers with status ${response.status}`,
      { source },
    );
  }
  const late = chain.find((error) => error instanceof DeadlineError);
  if (late !== undefined) return new TokenError("unreachable", `${source}: ${late.message}`, { source });
  const code = chain.map((error) => field(error, "code")).find((text) => text.startsWith("OAUTH_")) ?? "";
  const sentence = SENTENCES[code] ?? "the request failed";
  return new TokenError(CODES.find(([pattern]) => pattern.test(code))?.[1] ?? "unreachable", `${source}: ${sentence}`, {
    source,
  });
}

const CODES: readonly (readonly [RegExp, TokenErrorCode])[] = [
  [/METADATA|COMPARISON/, "refused"],
  [/UNSUPPORTED_OPERATION|INVALID_RESPONSE/, "unusable"],
];

/** Where a status is all that there is. */
function meaningOfStatus(status: number): TokenErrorCode {
  if (status < 300) return "unusable";
  return [401, 403].includes(status) ? "refused" : "unreachable";
}

/** The member of an answer that the library names: its own words stand round it. */
function memberOf(error: unknown): string | undefined {
  if (field(error, "code") !== "OAUTH_INVALID_RESPONSE") return undefined;
  return /"response" body "(\w+)" property/.exec(field(error, "message"))?.[1];
}

/** The issuer in the metadata must be the one that was asked, to the letter (RFC 8414 3.3, rule I3). */
export const WRONG_ISSUER = "the metadata found there name another issuer (a slash at the end counts)";

const SENTENCES: Readonly<Record<string, string>> = {
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: WRONG_ISSUER,
  OAUTH_MISSING_SERVER_METADATA: "the issuer's metadata has no endpoint for this",
  OAUTH_INVALID_SERVER_METADATA: "the issuer's metadata has an endpoint that is no URL",
  OAUTH_HTTP_REQUEST_FORBIDDEN: "the issuer's metadata has an endpoint that is not https",
  OAUTH_RESPONSE_IS_NOT_JSON: "the answer is not JSON",
  OAUTH_PARSE_ERROR: "the answer is not JSON",
  OAUTH_INVALID_RESPONSE: "the answer is not what OAuth has there",
  OAUTH_UNSUPPORTED_OPERATION: "the answer has a token that is no bearer token",
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: "the answer's ID token is for another client, or of another issuer",
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: "the answer's ID token is of another time: are the clocks right?",
};

/** `passing`: too many requests, or the issuer's own trouble, whatever it calls it. */
function oauthError(body: object, call: FailedCall & { readonly passing: boolean }): OAuthError {
  const { source, secrets, passing } = call;
  const error = printable(field(body, "error"), secrets).slice(0, 60);
  const description = printable(field(body, "error_description"), secrets);
  const said = description === "" ? error : `${error} (${description})`;
  return new OAuthError(
    passing ? "unreachable" : (MEANINGS[error] ?? "refused"),
    `${source}: the issuer says ${said}`,
    { source, error },
  );
}

/** An error of the token endpoint; openid-client leaves it unread where a challenge stands beside it (RFC 6749 5.2). */
async function errorBody(error: unknown): Promise<object | undefined> {
  if (field(error, "error") !== "") return error as object;
  const response = typeof error === "object" && error !== null && "response" in error ? error.response : undefined;
  if (!(response instanceof Response) || response.bodyUsed) return undefined;
  try {
    const body: unknown = await response.json();
    return field(body, "error") === "" ? undefined : (body as object);
  } catch {
    return undefined; // no JSON: its status will do
  }
}

function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = thrown; error !== undefined && chain.length < 8;) {
    chain.push(error);
    error = error instanceof Error ? (("response" in error ? error.response : undefined) ?? error.cause) : undefined;
  }
  return chain;
}

function field(value: unknown, name: string): string {
  const text = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === "string" ? text : "";
}
