// Where an issuer's keys are: its metadata, in either place. OpenID Connect Discovery 4, RFC 8414 3, rules I2, I3.
import { forLog } from "../base/events.js";
import type { JsonObject } from "../base/json.js";
import { FetchError, fetchJson } from "./fetch-json.js";
import type { FetchLimits } from "./fetch-json.js";
import { isSecure } from "./trusted-issuers.js";

/**
 * Finds the `jwks_uri` of an issuer. Asked again at every refresh, so that an issuer may move its keys.
 * @throws {FetchError} when neither place has a document that is this issuer's
 */
export async function discoverJwksUri(issuer: string, limits: FetchLimits, allowInsecure: boolean): Promise<string> {
  const failures: string[] = [];
  for (const url of metadataUrls(issuer)) {
    try {
      // One place after the other: the second is only asked when the first has no answer.
      const { document } = await fetchJson(url, limits);
      checkIssuer(url, document, issuer);
      return readJwksUri(url, document, allowInsecure);
    } catch (error) {
      if (!(error instanceof FetchError) || limits.signal.aborted) throw error;
      failures.push(error.message);
    }
  }
  throw new FetchError(failures.join("; "));
}

const MAX_URL = 2048;

/** Both places, in the order they are asked: `ISS/.well-known/...`, then the well-known name between host and path. */
export function metadataUrls(issuer: string): readonly [string, string] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const base = issuer.replace(/\/$/, "");
  return [`${base}/.well-known/openid-configuration`, `${origin}/.well-known/oauth-authorization-server${path}`];
}

function checkIssuer(url: string, document: JsonObject, issuer: string): void {
  const { issuer: named } = document;
  if (named === issuer) return;
  if (typeof named === "string" && named.replace(/\/$/, "") === issuer.replace(/\/$/, "")) {
    throw new FetchError(
      `${url}: issuer differs from the configured one by a trailing slash only; if the tokens' iss is spelt as ` +
        "configured, give this issuer's jwksUri",
    );
  }
  throw new FetchError(`${url}: issuer: expected the configured one, to the letter`);
}

function readJwksUri(url: string, document: JsonObject, allowInsecure: boolean): string {
  const { jwks_uri: uri } = document;
  if (typeof uri !== "string" || uri.length > MAX_URL || !URL.canParse(uri)) {
    throw new FetchError(`${url}: jwks_uri: expected a URL of at most ${MAX_URL} characters`);
  }
  const { protocol, username, password, href } = new URL(uri);
  // Fetches of the application's own may send them; Node's refuses, and the message would show them.
  if (username !== "" || password !== "") {
    throw new FetchError(`${url}: jwks_uri: expected a URL without user name and password`);
  }
  if (!isSecure(protocol, allowInsecure)) {
    throw new FetchError(`${url}: jwks_uri: expected https, not ${forLog(protocol)}`);
  }
  return href;
}
