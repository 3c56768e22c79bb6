// An issuer inside the test's own process: real keys and tokens, a fetch without network, failures on demand.
import { createKeyRing, createKeys } from "../keys/key-ring.js";
import type { PublicJwks, RotateOptions } from "../keys/key-ring.js";
import type { SigningAlgorithm } from "../keys/algorithms.js";
import { checkNames, nonEmptyString, OptionError } from "../options.js";
import type { TokenClaims } from "../tokens/build-claims.js";
import type { FailMode } from "./failures.js";
import { issueToken } from "./issue-token.js";
import type { TokenOptions } from "./issue-token.js";
import { createTestFetch } from "./test-fetch.js";

/** Options of `createTestIssuer`. */
export interface TestIssuerOptions {
  /** An http or https URL, with or without a path. Default: 'https://issuer.test'. */
  readonly issuer?: string | undefined;
  /** One key is made for each; the first is the default of `token`. Default: ['ES256']. */
  readonly algs?: readonly SigningAlgorithm[] | undefined;
  /** Seconds since 1970. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
}

/** An issuer for tests; its functions need no `this`. */
export interface TestIssuer {
  readonly issuer: string;
  /** The public set now; a new object every time. */
  readonly jwks: PublicJwks;
  /**
   * Mints a token. Claims that are not given: sub 'test-subject', aud 'https://service.test', scope 'read:/' (SciTokens
   * profiles), client_id 'test-client' (at-jwt). `{ aud: undefined }` leaves one out.
   */
  readonly token: (claims?: TokenClaims, options?: TokenOptions) => Promise<string>;
  /** Makes new keys; the old ones are gone from the set unless `keep`. */
  readonly rotate: (options?: RotateOptions) => Promise<void>;
  /** Serves the metadata (both forms) and the JWKS; every other URL is a refused connection. */
  readonly fetch: typeof globalThis.fetch;
  /** Every URL that `fetch` was asked for, failed ones included, oldest first; it grows. */
  readonly requests: readonly string[];
  /** From now on `fetch` fails like this; null or nothing: healthy again. */
  readonly fail: (mode?: FailMode | null) => void;
}

/**
 * Makes an issuer that needs no network.
 *
 * Throws a TypeError for a wrong option.
 * @example
 * const issuer = await createTestIssuer();
 * const enforcer = createEnforcer({ issuer: issuer.issuer, audience: 'https://service.test', keys: { fetch: issuer.fetch } });
 * await enforcer.verify(await issuer.token({ scope: 'read:/store' }));
 */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  checkNames(options, ["issuer", "algs", "now"], "option");
  const issuer = checkIssuer(options.issuer ?? "https://issuer.test");
  const keys = createKeyRing(await createKeys(options.algs ?? ["ES256"]));
  const party = { issuer, keys, now: options.now };
  const { fetch, requests, fail } = createTestFetch(issuer, keys);
  return Object.freeze({
    issuer,
    get jwks() {
      return keys.jwks();
    },
    token: async (claims: TokenClaims = {}, o: TokenOptions = {}) => (await issueToken(party, claims, o)).token,
    rotate: keys.rotate,
    fetch,
    requests,
    fail,
  });
}

function checkIssuer(value: unknown): string {
  const issuer = nonEmptyString(value, "issuer");
  if (/^https?:\/\/[^/?#@]+(?:\/[^?#]*)?$/.test(issuer) && URL.canParse(issuer)) return issuer;
  throw new OptionError("issuer must be an http or https URL without user, query or fragment (RFC 8414 2)");
}
