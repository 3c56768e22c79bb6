// A signed token: header, claims, signature as a compact JWS. RFC 7515 7.1, RFC 7519 7.1, RFC 9068 2.1.
import { systemClock } from "../clock.js";
import { parseSigningKey } from "../keys/signing-key.js";
import type { SigningKey } from "../keys/signing-key.js";
import { checkNames, isRecord, nonEmptyString, OptionError } from "../options.js";
import { buildClaims } from "./build-claims.js";
import type { TokenClaims } from "./build-claims.js";
import { parseProfile, profileRules } from "./profiles.js";
import type { TokenProfile } from "./profiles.js";

/** Options of `createToken`. */
export interface CreateTokenOptions {
  readonly key: SigningKey;
  /** The claim `iss`, unless the claims have one. */
  readonly issuer: string;
  /** Seconds, a whole number above 0. Default: 600. */
  readonly lifetime?: number | undefined;
  /** Default: 'scitokens-2'. */
  readonly profile?: TokenProfile | undefined;
  /** Seconds since 1970. Default: the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Members for the protected header; one that is `undefined` is left out. `alg` is the key's and cannot be changed. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** A token beside the claims it carries. */
export interface MintedToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

const OPTIONS = ["key", "issuer", "lifetime", "profile", "now", "header"];

/**
 * Mints a token with whole-second `iat`, `nbf` and `exp`, a random `jti`, and the key's `kid` in the header.
 *
 * Throws a TypeError for a wrong option, for a claim the profile requires and the caller did not mention
 * (scitokens-2: aud, scope; scitokens-1: scope; wlcg: aud, sub; at-jwt: aud, sub, client_id), and for a claim
 * that scitokens-1 does not know.
 * @example await createToken({ sub: 'ada', aud: 'https://data.example', scope: ['read:/store'] }, { key, issuer });
 */
export async function createToken(claims: TokenClaims, options: CreateTokenOptions): Promise<string> {
  return (await mintToken(claims, options)).token;
}

/** As `createToken`, with the claims beside the token. */
export async function mintToken(claims: TokenClaims, options: CreateTokenOptions): Promise<MintedToken> {
  checkNames(options, OPTIONS, "option");
  const key = parseSigningKey(options.key);
  const profile = parseProfile(options.profile);
  const payload = buildClaims(claims, {
    issuer: nonEmptyString(options.issuer, "issuer"),
    profile,
    lifetime: options.lifetime ?? 600,
    now: options.now ?? systemClock,
  });
  const header = buildHeader(options.header, key, profile);
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = Buffer.from(await key.sign(input)).toString("base64url");
  return { token: `${input}.${signature}`, claims: payload };
}

function buildHeader(extra: unknown, key: SigningKey, profile: TokenProfile): Record<string, unknown> {
  if (extra === undefined) return { alg: key.alg, typ: profileRules(profile).typ, kid: key.kid };
  if (!isRecord(extra)) throw new OptionError("header must be an object");
  if ("alg" in extra && extra.alg !== key.alg)
    throw new OptionError(`header.alg must be the key's own, ${key.alg}; sign other headers with key.sign()`);
  return { alg: key.alg, typ: profileRules(profile).typ, kid: key.kid, ...extra };
}

function encode(value: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
