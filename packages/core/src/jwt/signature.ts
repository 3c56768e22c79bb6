// What verifies a signature is given, whichever cryptography is behind it. RFC 7515 5.2, rule T3.
import type { Algorithm } from "../base/algorithms.js";
import { InvalidTokenError } from "../base/errors.js";
import type { JsonObject } from "../base/json.js";
import type { DecodedToken } from "./decode.js";

/** A public key as the issuer publishes it, already checked for size and use. */
export interface KeyMaterial {
  readonly jwk: JsonObject;
}

export interface SignatureVerifier {
  /** Whether the signature is the key's, by this algorithm; on Node at once, unless many tokens come together. */
  verify(token: DecodedToken, key: KeyMaterial, algorithm: Algorithm): boolean | Promise<boolean>;
}

/** Verifies by a key that is imported already; the signature has the length of its algorithm. */
export type PreparedKey = (token: DecodedToken) => boolean | Promise<boolean>;

/** A key that cannot be imported (a point off the curve, say) is no key: nobody's signature can be checked with it. */
export function unusableKey(cause: unknown): InvalidTokenError {
  return new InvalidTokenError("unknown_key", "the issuer's key with this kid cannot be used", { cause });
}
