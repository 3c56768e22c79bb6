// Who a token says it is, for an event: bounded, printable, and marked as verified or not. Rule H6.
import { SciTokenError } from "../base/errors.js";
import type { InvalidTokenError, TokenReason } from "../base/errors.js";
import { forLog } from "../base/events.js";
import type { TokenSummary } from "../base/events.js";
import type { SciToken } from "../enforcer/sci-token.js";
import { decodeUnverified } from "../jwt/decode.js";
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

export function summarise(raw: string, token: SciToken | undefined, refused?: InvalidTokenError): TokenSummary {
  const said = token ?? tryDecode(raw);
  if (said === undefined) return { verified: false };
  const { iss, sub, jti } = said.claims;
  return {
    verified: token !== undefined || (refused !== undefined && !BEFORE_SIGNATURE.has(refused.reason)),
    issuer: forLog(iss),
    subject: forLog(sub),
    id: forLog(jti),
    keyId: forLog(said.header["kid"]),
  };
}

function tryDecode(raw: string): UnverifiedToken | undefined {
  try {
    return decodeUnverified(raw);
  } catch (error) {
    if (error instanceof SciTokenError) return undefined;
    throw error;
  }
}
