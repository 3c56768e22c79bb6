// A token of an issuer that has its own keys, with claims that suit most tests where the caller says nothing.
import type { SigningAlgorithm } from "../keys/algorithms.js";
import type { KeyRing } from "../keys/key-ring.js";
import type { SigningKey } from "../keys/signing-key.js";
import { checkNames, isRecord, OptionError } from "../options.js";
import type { TokenClaims } from "../tokens/build-claims.js";
import { mintToken } from "../tokens/create-token.js";
import type { MintedToken } from "../tokens/create-token.js";
import { parseProfile } from "../tokens/profiles.js";
import type { TokenProfile } from "../tokens/profiles.js";

/** Options of an issuer's `token`. */
export interface TokenOptions {
  /** Default: 'scitokens-2'. */
  readonly profile?: TokenProfile | undefined;
  /** Seconds, a whole number above 0. Default: 600. */
  readonly lifetime?: number | undefined;
  /** Which of the issuer's keys signs. Default: the first. */
  readonly alg?: SigningAlgorithm | undefined;
  /** Members for the protected header, as in `createToken`. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
  /** A key that signs instead of the issuer's own, to forge a token. */
  readonly key?: SigningKey | undefined;
}

/** The issuer in whose name a token is minted. */
export interface IssuingParty {
  readonly issuer: string;
  readonly keys: KeyRing;
  readonly now: (() => number) | undefined;
}

const OPTIONS = ["profile", "lifetime", "alg", "header", "key"];
const EVERY_TOKEN = { sub: "test-subject", aud: "https://service.test" };

// No scope for wlcg: it would turn a token of groups into one of capabilities (S7).
const DEFAULTS: Readonly<Record<TokenProfile, TokenClaims>> = {
  "scitokens-2": { ...EVERY_TOKEN, scope: "read:/" },
  "scitokens-1": { ...EVERY_TOKEN, scope: "read:/" },
  wlcg: EVERY_TOKEN,
  "at-jwt": { ...EVERY_TOKEN, client_id: "test-client" },
};

/** Mints a token of `party`; claims that are not given get their defaults. */
export function issueToken(party: IssuingParty, claims: TokenClaims, options: TokenOptions): Promise<MintedToken> {
  checkNames(options, OPTIONS, "option");
  if (!isRecord(claims)) throw new OptionError("claims must be an object");
  if (options.key !== undefined && options.alg !== undefined)
    throw new OptionError("give 'key' or 'alg', not both: a key has its own alg");
  const profile = parseProfile(options.profile);
  return mintToken(
    { ...DEFAULTS[profile], ...claims },
    {
      key: options.key ?? party.keys.choose(options.alg),
      issuer: party.issuer,
      profile,
      lifetime: options.lifetime,
      header: options.header,
      now: party.now,
    },
  );
}
