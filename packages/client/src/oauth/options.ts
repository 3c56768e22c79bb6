// What every OAuth source must be told, checked once. RFC 6749 2.3, RFC 8414; https as rule I2 has it.
import { checkChoice, checkFunction, checkSeconds, checkText } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { readUrl } from "../base/safe-url.js";
import { readRequest } from "../base/token-request.js";
import type { TokenRequest } from "../base/token-source.js";

/** How a client says who it is at the token endpoint (RFC 6749 2.3.1, OpenID Connect Core 9). */
export type ClientAuthentication = "client_secret_basic" | "client_secret_post" | "none";

/**
 * How several audiences are written: `audience=a b` · `audience=a&audience=b` (RFC 8693 2.1) · `resource=a&resource=b`
 * (RFC 8707, as oidc-agent 5 has it).
 */
export type AudienceStyle = "space-separated" | "repeated" | "resource";

/** Options that all OAuth sources share. */
export interface OAuthOptions extends Pick<TokenRequest, "audience" | "resource" | "scope"> {
  /** The issuer's URL, as it stands in its metadata. Needed, but where `tokenEndpoint` says all that a source asks. */
  readonly issuer?: string | undefined;
  /** For an issuer that publishes no metadata: nothing is discovered, and only this is asked. */
  readonly tokenEndpoint?: string | undefined;
  readonly clientId: string;
  /** Left out by a public client. */
  readonly clientSecret?: string | undefined;
  /** Default: as the issuer's metadata offers, Basic before post; `none` without a secret. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** Default: space-separated; of `tokenExchange`: repeated. */
  readonly audienceStyle?: AudienceStyle | undefined;
  /** For a certificate authority of your own, or a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Seconds for one answer, its body included. Default 10. */
  readonly timeout?: number | undefined;
  /** Lets an http issuer be asked, with all that it can read then: for loopback and tests. Default false. */
  readonly allowInsecureIssuer?: boolean | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
}

const NAMES = [
  "issuer",
  "tokenEndpoint",
  "clientId",
  "clientSecret",
  "clientAuthentication",
  "audienceStyle",
  "fetch",
  "timeout",
  "allowInsecureIssuer",
  "clock",
  "audience",
  "resource",
  "scope",
];

/** @throws {TypeError} that names the option and what is expected; never its value */
export function checkOAuthOptions(where: string, options: OAuthOptions, own: readonly string[] = []): void {
  checkOptionNames(where, options, [...NAMES, ...own]);
  const { issuer, tokenEndpoint, clientId, clientSecret, clientAuthentication, allowInsecureIssuer } = options;
  checkChoice(where, "allowInsecureIssuer", { value: allowInsecureIssuer, known: [true, false] });
  if (issuer === undefined && tokenEndpoint === undefined) {
    throw new TypeError(`${where}: issuer must be given: the URL that stands in the issuer's metadata`);
  }
  for (const [name, value] of Object.entries({ issuer, tokenEndpoint })) {
    if (value === undefined) continue;
    const { protocol, search } = readUrl(where, name, value);
    if (name === "issuer" && search !== "") throw new TypeError(`${where}: issuer must hold no query (RFC 8414 2)`);
    if (protocol !== "https:" && allowInsecureIssuer !== true) {
      throw new TypeError(`${where}: ${name} must be https; for loopback and tests there is allowInsecureIssuer: true`);
    }
  }
  checkText(where, "clientId", clientId);
  if (clientSecret !== undefined) checkText(where, "clientSecret", clientSecret);
  checkChoice(where, "clientAuthentication", {
    value: clientAuthentication,
    known: ["client_secret_basic", "client_secret_post", "none"],
  });
  if (clientAuthentication?.startsWith("client_secret") === true && clientSecret === undefined) {
    throw new TypeError(`${where}: clientAuthentication '${clientAuthentication}' needs clientSecret`);
  }
  checkChoice(where, "audienceStyle", {
    value: options.audienceStyle,
    known: ["space-separated", "repeated", "resource"],
  });
  checkFunction(where, "fetch", options.fetch);
  checkFunction(where, "clock", options.clock);
  checkSeconds(where, "timeout", options.timeout);
  readRequest({}, options);
}
