// How much may stand in a token, so that verifiers read it. Rule T1.
import { Refused } from "../refused.js";

/** Bytes of JSON: with the other claims, the header and a long signature, in base64url, less than 16 KiB. */
const MOST = 10_000;

/**
 * Refuses to put more into a token than fits; asked before anything is used up.
 * @throws {Refused} invalid_scope
 */
export function refuseLarge(claims: object): void {
  if (Buffer.byteLength(JSON.stringify(claims)) > MOST)
    throw new Refused("invalid_scope", "a token with all of it would be larger than the 16 KiB that services read");
}
