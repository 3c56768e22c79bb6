// The options of an enforcer, as they are written. Seconds and bytes everywhere; what loosens a check is off by default.
import type { Algorithm } from "../base/algorithms.js";
import type { Clock } from "../base/clock.js";
import type { SciTokenEvent } from "../base/events.js";
import type { ClaimsSchema } from "../claims/schema.js";
import type { ClaimValidator } from "../claims/validator.js";
import type { Fetch } from "../issuers/fetch-json.js";
import type { KeyStore } from "../issuers/key-store.js";
import type { ProfileName } from "../profiles/profile.js";
import type { SciToken } from "./sci-token.js";

/** The names of a server; null: this server has no name, and takes only tokens without one (C5). */
export type Audience = string | readonly string[] | null;

/** How an issuer's keys are fetched and kept (I4 to I7). */
export interface KeyOptions {
  /** Seconds after which keys are refreshed, 60 to 86400. Default: the issuer's Cache-Control, within 1 h to 6 h. */
  readonly refreshAfter?: number;
  /** Seconds for which keys stay usable while the issuer is down, 86400 to 345600. Default 172800, two days. */
  readonly usableFor?: number;
  /** Seconds for one refresh, metadata and keys together; up to 60. Default 5. */
  readonly timeout?: number;
  /** Seconds between two refreshes that unknown kids force, 1 to 3600. Default 30. */
  readonly cooldown?: number;
  /** Bytes that a document may have after decompression, 1024 to 16777216. Default 1048576, 1 MiB. */
  readonly maxBytes?: number;
  /** Used instead of the global `fetch`: for a private CA or a proxy. */
  readonly fetch?: Fetch;
  /**
   * Where keys are kept outside the process: a `Map`, Keyv (Redis, Valkey, ...), `directoryKeyStore()`; or several, of which
   * the youngest keys count. Whoever can write there can sign tokens. Default: nowhere (I13).
   */
  readonly store?: KeyStore | readonly KeyStore[];
}

/** One trusted issuer, where it differs from the enforcer's defaults. */
export interface IssuerOptions {
  /** Its `iss`, to the letter; https. */
  readonly issuer: string;
  /** The server's names for tokens of this issuer. */
  readonly audience?: Audience;
  /** The area of the server that its tokens' paths are relative to (S8). Default `/`. */
  readonly basePath?: string | readonly string[];
  /** Where its keys are, when its metadata is not to be asked. https. */
  readonly jwksUri?: string;
  /** Its keys, when nothing is to be fetched. */
  readonly jwks?: { readonly keys: readonly object[] };
  /** Its only key in PEM, when nothing is to be fetched. */
  readonly publicKey?: string;
  /** Default RS256 and ES256. */
  readonly algorithms?: readonly Algorithm[];
  /** Default scitokens-1, scitokens-2, wlcg and at-jwt. */
  readonly profiles?: readonly ProfileName[];
  /** Takes http for this issuer: for loopback and tests. Default false. */
  readonly allowInsecureIssuer?: boolean;
}

/** @typeParam C what `claims` makes of the token's own claims */
export interface EnforcerOptions<C = {}> {
  /** Who is trusted. Required. */
  readonly issuer: string | IssuerOptions | readonly (string | IssuerOptions)[];
  /** Who this server is. Required (C5). */
  readonly audience: Audience;
  /** Seconds that nbf and iat may lie in the future, 0 to 600. Default 60. There is no grace for exp (C2, C3). */
  readonly clockTolerance?: number;
  /** The longest life of a token, in seconds. Default: any (C8). */
  readonly maxTokenLifetime?: number;
  /** Bytes, 256 to 1048576. Default 16384 (T1). */
  readonly maxTokenBytes?: number;
  /** Whether tokens for any audience are taken (C6). Default true. */
  readonly acceptAnyAudience?: boolean;
  /** Whether SciTokens 1.0 tokens without aud are taken (C7). Default false. */
  readonly allowMissingAudience?: boolean;
  /** Whether SciTokens' and WLCG's names of one right are taken for each other (S5). Default true. */
  readonly equivalence?: boolean;
  /** Default of the issuers. */
  readonly algorithms?: readonly Algorithm[];
  /** Default of the issuers. */
  readonly profiles?: readonly ProfileName[];
  readonly keys?: KeyOptions;
  /** How many verified tokens are kept; false: none. Default 10000 (V1). */
  readonly tokenCache?: number | false;
  /** Checks of single claims, on top of the profile's; they also make a claim known to SciTokens 1.0 (P2). */
  readonly validators?: Readonly<Record<string, ClaimValidator>>;
  /**
   * A schema (zod, valibot, ArkType: any Standard Schema) of the claims. What it gives out is what `token.claims` holds,
   * typed; claims that decide over the token stay as they are. Does not make a claim known to SciTokens 1.0 (P2). Should it
   * wait for something, let it reject after a time: the request waits as long as it does.
   */
  readonly claims?: ClaimsSchema<C>;
  /**
   * Asked for every request, cached tokens included. What it throws, or returns but true and false, is the program's error. A
   * request waits for it as long as it takes: let it reject after a time. It must not verify the token that it is asked about.
   */
  readonly isRevoked?: (token: SciToken) => boolean | Promise<boolean>;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: Clock;
  /** Hears of each decision, refused or allowed, and of the fate of keys (H6). */
  readonly onEvent?: (event: SciTokenEvent) => void;
}
