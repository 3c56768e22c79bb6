// Trust before work: an issuer is one of the configured ones, by exact comparison, or nothing is done. Rules I1, I2.
import { InvalidTokenError } from "../base/errors.js";

/** Finds the configuration of the issuer that a token names. */
export interface TrustedIssuers<T> {
  readonly all: readonly T[];
  /** @throws {InvalidTokenError} reason `untrusted_issuer`, with no network access and nothing remembered */
  find(iss: unknown): T;
}

/** @throws {TypeError} when an issuer stands twice */
export function createTrustedIssuers<T extends { readonly issuer: string }>(issuers: readonly T[]): TrustedIssuers<T> {
  const byName = new Map(issuers.map((trusted) => [trusted.issuer, trusted]));
  if (byName.size !== issuers.length) throw new TypeError("issuer: the same issuer stands twice");
  return {
    all: issuers,
    find(iss) {
      const trusted = typeof iss === "string" ? byName.get(iss) : undefined;
      if (trusted !== undefined) return trusted;
      throw new InvalidTokenError("untrusted_issuer", "iss: expected one of the configured issuers", {
        hint: differsBySlash(iss, byName) ? "it differs from a configured issuer by a trailing slash" : undefined,
      });
    },
  };
}

function differsBySlash(iss: unknown, byName: ReadonlyMap<string, unknown>): boolean {
  return typeof iss === "string" && byName.has(iss.endsWith("/") ? iss.slice(0, -1) : `${iss}/`);
}

/**
 * Checks a URL of the configuration.
 * @throws {TypeError} when it is not https (http only with `allowInsecureIssuer`), or carries what no issuer has
 */
export function checkUrl(option: string, url: unknown, allowInsecure: boolean): string {
  if (typeof url !== "string" || url === "") throw new TypeError(`${option}: expected a URL`);
  if (!URL.canParse(url)) throw new TypeError(`${option}: expected an absolute URL, as https://issuer.example.org`);
  // The parser forgives what no comparison to the letter does.
  if (!/^[a-z]+:\/\/\S+$/.test(url)) throw new TypeError(`${option}: expected a URL as https://issuer.example.org`);
  const { protocol, username, password, hash } = new URL(url);
  if (username !== "" || password !== "")
    throw new TypeError(`${option}: expected a URL without user name and password`);
  if (hash !== "") throw new TypeError(`${option}: expected a URL without a fragment`);
  if (!isSecure(protocol, allowInsecure)) {
    throw new TypeError(`${option}: expected https; allowInsecureIssuer: true takes http, for loopback and tests`);
  }
  return url;
}

/** Whether keys may be fetched over this protocol (`https:`; `http:` where the configuration says so). */
export function isSecure(protocol: string, allowInsecure: boolean): boolean {
  return protocol === "https:" || (allowInsecure && protocol === "http:");
}
