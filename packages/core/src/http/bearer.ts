// The one place a token may stand: one Authorization header, scheme Bearer. RFC 6750 2.1, RFC 9110 11.4, rules H1, H2.
import { InvalidRequestError } from "../base/errors.js";

/** token68 of RFC 9110 11.2. */
const CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;
const SCHEME = /^ *bearer(?: |$)/i;

/**
 * Reads the token of a request; undefined when there are no credentials, or only those of another scheme.
 * @param lines the value of each Authorization header line. Equal ones count as one.
 * @throws {InvalidRequestError}
 */
export function readBearer(lines: readonly string[]): string | undefined {
  const [line] = lines;
  if (line === undefined) return undefined;
  if (lines.length > 1 && lines.some((other) => other !== line)) {
    throw new InvalidRequestError("authorization: expected one header; the lines differ");
  }
  const token = CREDENTIALS.exec(line)?.[1];
  if (token !== undefined) return token;
  if (SCHEME.test(line)) throw new InvalidRequestError("authorization: expected 'Bearer', a blank and a token");
  return undefined;
}
