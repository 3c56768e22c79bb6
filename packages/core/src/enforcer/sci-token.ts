// A token whose signature, times, claims and audience have been checked. Rules R5, V4.
import type { JsonObject } from "../base/json.js";
import { readAudience } from "../claims/audience.js";
import type { Profile, ProfileName } from "../profiles/profile.js";
import type { Acl, Capabilities } from "../scopes/acl.js";

/** The claims of the profiles; whatever else a token says is `unknown`. */
export interface Claims {
  readonly iss: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly ver?: string;
  readonly scope?: string;
  readonly client_id?: string;
  readonly "wlcg.ver"?: string;
  readonly "wlcg.groups"?: readonly string[];
  readonly [claim: string]: unknown;
}

/** What a token is made of. */
export interface TokenContent {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly id: string | undefined;
  readonly profile: Profile;
  readonly capabilities: Capabilities;
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly expiresAt: number;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Answers for a token: the enforcer that verified it. */
export interface TokenOwner {
  test(token: SciToken, authz: string, path?: string): boolean;
}

let readState: (token: SciToken, owner: TokenOwner) => unknown;
let writeState: (token: SciToken, state: unknown) => void;

/** Makes a token with what its owner keeps with it. Inside the core only: this is what makes a token a verified one. */
export function issueToken(content: TokenContent, owner: TokenOwner, state: unknown): SciToken {
  const token = new SciToken(content, owner);
  writeState(token, state);
  return token;
}

/** What the owner of a token keeps with it; undefined for a token of another owner, and for what is no token (R5). */
export function stateOf(token: SciToken, owner: TokenOwner): unknown {
  return typeof token === "object" && token !== null ? readState(token, owner) : undefined;
}

/**
 * A verified token: frozen, and silent about its signature. Times are seconds since the epoch. It was good when it was
 * verified; `allows()` and the enforcer look at its expiry again.
 * @example token.subject; token.get("email"); token.allows("read", "/store/file")
 */
export class SciToken<C = {}> {
  /** Its `iss`. */
  readonly issuer: string;
  /** Its `sub`. */
  readonly subject: string | undefined;
  /** Its `jti`. */
  readonly id: string | undefined;
  readonly profile: ProfileName;
  readonly issuedAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly expiresAt: number;
  readonly header: JsonObject;
  readonly claims: Readonly<Claims & C>;
  readonly #profile: Profile;
  readonly #capabilities: Capabilities;
  readonly #owner: TokenOwner;
  #state: unknown;

  static {
    readState = (token, owner) => (#owner in token && token.#owner === owner ? token.#state : undefined);
    writeState = (token, state) => (token.#state = state);
  }

  /** Tokens are made by an enforcer's `verify()`. One made by hand is nobody's: no enforcer takes it. */
  constructor(content: TokenContent, owner: TokenOwner) {
    this.issuer = content.issuer;
    this.subject = content.subject;
    this.id = content.id;
    this.profile = content.profile.name;
    this.issuedAt = content.issuedAt;
    this.notBefore = content.notBefore;
    this.expiresAt = content.expiresAt;
    this.header = content.header;
    this.claims = content.claims as Readonly<Claims & C>;
    this.#profile = content.profile;
    this.#capabilities = content.capabilities;
    this.#owner = owner;
    Object.freeze(this);
  }

  // Read when they are asked for: most requests ask for none of them, and every token in the cache would hold them all.

  /** Its `aud`, as a list; empty when it names none. */
  get audience(): readonly string[] {
    return Object.freeze(readAudience(this.claims) ?? []);
  }

  /** The values of its scope claim, as they stand there. */
  get scopes(): readonly string[] {
    return Object.freeze(this.#profile.scopes(this.claims));
  }

  /** What it grants, normalised, in its own names (S9). */
  get acls(): readonly Acl[] {
    return this.#capabilities.acls;
  }

  /** Its WLCG groups; empty in other profiles. */
  get groups(): readonly string[] {
    return Object.freeze(this.#profile.groups?.(this.claims) ?? []);
  }

  /** A claim's value; undefined when the token does not have it. */
  get<Name extends string>(name: Name): (Claims & C)[Name] {
    return (this.has(name) ? this.claims[name] : undefined) as (Claims & C)[Name];
  }

  has(name: string): boolean {
    return Object.hasOwn(this.claims, name);
  }

  /** Whether it covers this capability now, as `enforcer.test()` says. */
  allows(authz: string, path?: string): boolean {
    return this.#owner.test(this, authz, path);
  }

  /** Header and claims: what a log may hold. The signed text is left out. */
  toJSON(): { readonly header: JsonObject; readonly claims: JsonObject } {
    return { header: this.header, claims: this.claims };
  }
}
