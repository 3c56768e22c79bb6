// A verified token as its enforcer keeps it: with what signed it, and with what it grants. Rules I8, R5, V2.
import type { IssuerKey } from "../issuers/jwks.js";
import type { KeySet } from "../issuers/key-source.js";
import type { Profile } from "../profiles/profile.js";
import type { Capabilities } from "../scopes/acl.js";
import type { Issuer } from "./issuer-options.js";
import { issueToken } from "./sci-token.js";
import type { SciToken, TokenOwner } from "./sci-token.js";
import type { CacheEntry } from "./token-cache.js";
import type { VerifiedToken } from "./verify-token.js";

/** One object for all of it: of a token in the cache, each object more is one more place of memory to wait for. */
export class HeldToken implements CacheEntry {
  readonly raw: string;
  readonly token: SciToken;
  readonly issuer: Issuer;
  readonly profile: Profile;
  readonly capabilities: Capabilities;
  isUsed = false;
  place = -1;
  readonly #key: IssuerKey;
  /** The key set that the key was last found in: sets never change, new ones take their place. */
  #seenIn: KeySet | undefined;

  constructor(raw: string, { content, issuer, key }: VerifiedToken, owner: TokenOwner) {
    this.raw = raw;
    this.issuer = issuer;
    this.profile = content.profile;
    this.capabilities = content.capabilities;
    this.#key = key;
    this.#seenIn = undefined;
    this.token = issueToken(content, owner, this);
  }

  /** Whether the key that verified it is still its issuer's (I8). */
  isSignedByOneOf(keys: KeySet | undefined): boolean {
    if (keys === undefined) return false;
    if (keys !== this.#seenIn) {
      if (!keys.has(this.#key)) return false;
      this.#seenIn = keys;
    }
    return true;
  }
}
