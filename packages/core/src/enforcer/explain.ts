// Why: each check of a token, passed or failed, and each of its scopes beside what was asked. Rule H6.
import { SciTokenError } from "../base/errors.js";
import type { ErrorCode, Reason, TokenReason } from "../base/errors.js";
import type { ProfileName } from "../profiles/profile.js";
import { createCapabilities } from "../scopes/capabilities.js";
import { grants } from "../scopes/equivalence.js";
import { parseScope } from "../scopes/parse.js";
import { parseAsked } from "./asked.js";
import type { Decider, Lack } from "./decide.js";
import type { Settings } from "./options.js";
import type { SciToken } from "./sci-token.js";

/** The checks of a token, in the order they are made. */
export const CHECKS = [
  "form",
  "issuer",
  "header",
  "key",
  "signature",
  "profile",
  "claims",
  "times",
  "audience",
  "scopes",
  "schema",
  "revocation",
  "capability",
] as const;

export type CheckName = (typeof CHECKS)[number];

export interface CheckResult {
  readonly check: CheckName;
  /** `skipped`: an earlier check failed, or there was nothing to check. */
  readonly result: "passed" | "failed" | "skipped";
}

export interface ScopeExplanation {
  /** As it stands in the token. */
  readonly scope: string;
  /** Whether this scope alone covers what was asked. */
  readonly covers: boolean;
}

export interface Explanation {
  readonly allowed: boolean;
  /** One sentence for the operator. */
  readonly summary: string;
  readonly code: ErrorCode | undefined;
  readonly reason: Reason | undefined;
  readonly hint: string | undefined;
  readonly asked: { readonly authz: string; readonly path: string | undefined };
  readonly issuer: string | undefined;
  readonly profile: ProfileName | undefined;
  readonly checks: readonly CheckResult[];
  /** Empty for a token that was refused before its scopes were read. */
  readonly scopes: readonly ScopeExplanation[];
}

/** Which check each reason belongs to. */
const CHECK_OF: Readonly<Record<TokenReason | "issuer_unavailable", CheckName>> = {
  malformed: "form",
  untrusted_issuer: "issuer",
  header: "header",
  algorithm: "header",
  unknown_key: "key",
  issuer_unavailable: "key",
  signature: "signature",
  expired: "times",
  not_yet_valid: "times",
  lifetime: "times",
  profile: "profile",
  missing_claim: "claims",
  invalid_claim: "claims",
  unknown_claim: "claims",
  token_type: "claims",
  sender_constrained: "claims",
  audience: "audience",
  scope_syntax: "scopes",
  schema: "schema",
  revoked: "revocation",
};

const LACKS: Readonly<Record<Lack, string>> = {
  expired: "the token has expired since it was verified",
  base_path: "the path lies outside of the area of the token's issuer",
  capability: "no scope of the token covers it",
};

interface Question {
  readonly tokenOrRaw: SciToken | string;
  readonly authz: string;
  readonly path: string | undefined;
}

export async function explainDecision(
  decider: Decider,
  settings: Settings,
  { tokenOrRaw, authz, path }: Question,
): Promise<Explanation> {
  const now = decider.now();
  parseAsked(authz, path, true); // a wrong question is wrong of any token
  const given = { authz, path: path === "" ? undefined : path };
  const token = await verifyOrFail(decider, tokenOrRaw, now);
  if (token instanceof SciTokenError) return refused(token, given, settings);

  const language = decider.language(token);
  const asked = { ...parseAsked(authz, path, language === "plain"), of: "request" as const };
  const lack = decider.lacks(token, asked, now);
  const relative = { authz, path: decider.relative(token, asked) };
  const askable = relative.path !== undefined || asked.path === undefined;
  const covers = (scope: string): boolean => {
    const capabilities = createCapabilities([parseScope(scope, { pathsRequired: language !== "plain" })]);
    return askable && grants(capabilities, { language, equivalence: settings.equivalence }, relative);
  };
  const failed = lack === undefined ? undefined : lack === "expired" ? "times" : "capability";
  return Object.freeze({
    allowed: lack === undefined,
    summary: lack === undefined ? `allowed: ${inWords(given)}` : `refused: ${inWords(given)}: ${LACKS[lack]}`,
    code: lack === undefined ? undefined : lack === "expired" ? "invalid_token" : "insufficient_scope",
    reason: lack,
    hint: undefined,
    asked: given,
    issuer: token.issuer,
    profile: token.profile,
    checks: results(failed, settings),
    scopes: token.scopes.map((scope) => ({ scope, covers: covers(scope) })),
  });
}

async function verifyOrFail(
  decider: Decider,
  tokenOrRaw: SciToken | string,
  now: number,
): Promise<SciToken | SciTokenError> {
  try {
    if (typeof tokenOrRaw === "string") return await decider.verifyAt(tokenOrRaw, now);
    decider.language(tokenOrRaw); // throws for a token of another enforcer (R5)
    await decider.checkRevoked(tokenOrRaw);
    return tokenOrRaw;
  } catch (error) {
    if (error instanceof SciTokenError) return error;
    throw error;
  }
}

function refused(error: SciTokenError, asked: Explanation["asked"], settings: Settings): Explanation {
  return Object.freeze({
    allowed: false,
    summary: `refused: ${error.message}`,
    code: error.code,
    reason: error.reason,
    hint: error.hint,
    asked,
    issuer: undefined,
    profile: undefined,
    checks: results(CHECK_OF[error.reason as keyof typeof CHECK_OF], settings),
    scopes: [],
  });
}

function results(failed: CheckName | undefined, { isRevoked, claims }: Settings): readonly CheckResult[] {
  const failedAt = failed === undefined ? CHECKS.length : CHECKS.indexOf(failed);
  const absent = new Set<CheckName>();
  if (isRevoked === undefined) absent.add("revocation");
  if (claims === undefined) absent.add("schema");
  return CHECKS.map((check, i) => {
    if (i === failedAt) return { check, result: "failed" };
    return { check, result: i < failedAt && !absent.has(check) ? "passed" : "skipped" };
  });
}

function inWords({ authz, path }: Explanation["asked"]): string {
  return path === undefined ? authz : `${authz} on ${path}`;
}
