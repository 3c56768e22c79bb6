// The JOSE header: what it may say, and that it alone decides nothing. RFC 7515 4.1, RFC 8725 3.11, rules T3, T4, T6.
import { InvalidTokenError } from "../base/errors.js";
import { isAlgorithm } from "../base/algorithms.js";
import type { Algorithm } from "../base/algorithms.js";
import type { JsonObject } from "../base/json.js";

export interface CheckedHeader {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
  /** `typ` in lower case, without `application/`; undefined when absent. */
  readonly typ: string | undefined;
}

/**
 * Checks the header of a token whose issuer allows `algorithms`. `jku`, `x5u`, `x5c` and `jwk` are never looked at.
 * @throws {InvalidTokenError}
 */
export function checkHeader(header: JsonObject, algorithms: readonly Algorithm[]): CheckedHeader {
  const { alg, kid } = header;
  if (!isAlgorithm(alg) || !algorithms.includes(alg)) {
    throw new InvalidTokenError("algorithm", `alg: expected one of ${algorithms.join(", ")}`);
  }
  if (kid !== undefined && typeof kid !== "string") throw new InvalidTokenError("header", "kid: expected a string");
  if (Object.hasOwn(header, "crit")) throw new InvalidTokenError("header", "crit: no extension is understood");
  if (Object.hasOwn(header, "b64") && header["b64"] !== true) {
    throw new InvalidTokenError("header", "b64: expected an encoded payload");
  }
  if (Object.hasOwn(header, "enc")) throw new InvalidTokenError("header", "enc: expected a signed token, not a JWE");
  return { alg, kid, typ: checkType(header) };
}

const ACCESS_TOKEN_TYPES = new Set(["jwt", "at+jwt"]);

function checkType(header: JsonObject): string | undefined {
  const { typ } = header;
  if (typ === undefined) return undefined;
  if (typ === "JWT") return "jwt"; // as nearly all tokens write it
  if (typeof typ !== "string" || typ === "") throw new InvalidTokenError("header", "typ: expected a media type");
  const name = typ.toLowerCase().replace(/^application\//, "");
  if (!ACCESS_TOKEN_TYPES.has(name) && isAnotherKind(name)) {
    throw new InvalidTokenError("header", "typ: expected an access token, not a token for another use");
  }
  return name;
}

/** Whatever is explicitly typed as another use of JWTs (logout+jwt, dpop+jwt, ...), or as JOSE that is not a JWT. */
function isAnotherKind(name: string): boolean {
  return name.endsWith("+jwt") || /^(jwe|jose)(\+|$)/.test(name);
}
