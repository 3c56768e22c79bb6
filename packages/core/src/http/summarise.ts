// Who a token says it is, for an event: bounded, printable, and marked as verified or not. Rule H6.
import { InvalidTokenError, SciTokenError } from "../base/errors.js";
import type { TokenReason } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { TokenSummary } from "../base/events.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { decode } from "../jwt/decode.js";
import type { UnverifiedToken } from "../jwt/decode.js";

/** Refused for one of these, a token's signature had not been found good. */
const BEFORE_SIGNATURE: ReadonlySet<TokenReason> = new Set([
  "malformed",
  "untrusted_issuer",
  "header",
  "algorithm",
  "unknown_key",
  "signature",
]);

/**
 * @param known the verified token, or why it was refused
 * @param maxTokenBytes of the enforcer
 */
export function summarise(raw: string, known: SciToken | SciTokenError, maxTokenBytes: number): TokenSummary {
  const said = known instanceof SciTokenError ? tryDecode(raw, maxTokenBytes) : known;
  const { iss, sub, jti } = said?.claims ?? {};
  return {
    verified: !(known instanceof SciTokenError) || signatureWasGood(known),
    issuer: forLog(iss),
    subject: forLog(sub),
    id: forLog(jti),
    keyId: forLog(said?.header["kid"]),
  };
}

function signatureWasGood(refused: SciTokenError): boolean {
  return refused instanceof InvalidTokenError && !BEFORE_SIGNATURE.has(refused.reason);
}

function tryDecode(raw: string, maxTokenBytes: number): UnverifiedToken | undefined {
  try {
    return decode(raw, maxTokenBytes);
  } catch (error) {
    if (error instanceof SciTokenError) return undefined;
    throw error;
  }
}
