// What a login at Vault brings: a vault token for some days, and where the credentials are kept. Interop 9.
import { TokenError } from "../base/errors.js";
import { printable } from "../base/printable.js";
import { asObject } from "../base/read-object.js";
import { askVault } from "./ask-vault.js";
import type { VaultAccess, VaultAnswer } from "./ask-vault.js";
import { isCredkey } from "./files.js";

/** What is known of a login beside its vault token. */
export interface VaultLoginFacts {
  /** Which Vault. */
  readonly source: string;
  /** When the vault token ends, in seconds since the epoch; undefined where nobody said. */
  readonly expiresAt: number | undefined;
  /** What the vault token may do. */
  readonly policies: readonly string[];
  /** The name that the credentials are stored under; undefined where this way of logging in does not tell. */
  readonly credkey: string | undefined;
}

/** A login. Its vault token is in `vaultToken` alone: JSON, `util.inspect` and a template string leave it out. */
export class VaultLogin implements VaultLoginFacts {
  readonly #vaultToken: string;
  readonly source: string;
  readonly expiresAt: number | undefined;
  readonly policies: readonly string[];
  readonly credkey: string | undefined;

  constructor(vaultToken: string, facts: VaultLoginFacts) {
    this.#vaultToken = vaultToken;
    this.source = facts.source;
    this.expiresAt = facts.expiresAt;
    this.policies = facts.policies;
    this.credkey = facts.credkey;
    // As AccessToken does it: `util.inspect` runs getters when it is told to.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), { value: () => this.toString() });
    Object.freeze(this);
  }

  /** For `writeVaultTokenFile`, or the option `vaultToken`. */
  get vaultToken(): string {
    return this.#vaultToken;
  }

  toString(): string {
    return `[login at ${this.source}]`;
  }

  toJSON(): VaultLoginFacts {
    return { source: this.source, expiresAt: this.expiresAt, policies: this.policies, credkey: this.credkey };
  }
}

/** What a login is read with. */
export interface LoginTerms {
  readonly access: VaultAccess;
  /** Seconds that the vault token may live at most; one that lives longer is exchanged for one that does not. */
  readonly lifetime: number;
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads `auth` of a login's answer. A vault token that lives longer than asked (a lease of 0 never ends), or that could register ssh keys, is exchanged
 * for one of its own with less: what lies in a file should not be able to do more than it must.
 * @throws {TokenError} `unreachable`: the answer is not Vault's · what `askVault` throws
 */
export async function readLogin(answer: VaultAnswer, terms: LoginTerms): Promise<VaultLogin> {
  const { access, lifetime, now, signal } = terms;
  const { source } = access;
  const { token, policies, lease, credkey } = readAuth(answer, source);
  const kept = policies.filter((policy) => !policy.startsWith("sshregister"));
  if (lease !== undefined && lease > 0 && lease <= lifetime && kept.length === policies.length) {
    return new VaultLogin(token, { source, policies, credkey, expiresAt: now + lease });
  }
  const narrowed = kept.length === policies.length ? {} : { policies: kept };
  const exchanged = await askVault(access, {
    path: "auth/token/create",
    headers: { "X-Vault-Token": token },
    body: { ttl: `${lifetime}s`, renewable: "false", ...narrowed },
    secrets: [token],
    signal,
  });
  const own = readAuth(exchanged, source);
  const expiresAt = own.lease === 0 ? undefined : now + (own.lease ?? lifetime);
  return new VaultLogin(own.token, { source, policies: own.policies, credkey, expiresAt });
}

/** The refresh token of an OIDC login, which Vault hands over once for it to be stored. */
export function refreshTokenOf(answer: VaultAnswer): string | undefined {
  const token = asObject(asObject(answer["auth"])?.["metadata"])?.["oauth2_refresh_token"];
  return typeof token === "string" && token !== "" ? token : undefined;
}

interface Auth {
  readonly token: string;
  readonly policies: readonly string[];
  /** Seconds. */
  readonly lease: number | undefined;
  readonly credkey: string | undefined;
}

function readAuth(answer: VaultAnswer, source: string): Auth {
  const auth = asObject(answer["auth"]) ?? {};
  const { client_token: token, policies, lease_duration: lease } = auth;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TokenError("unreachable", `${source}: the answer to the login has no vault token`, { source });
  }
  const credkey = asObject(auth["metadata"])?.["credkey"];
  return {
    token,
    policies: Array.isArray(policies) ? policies.map((policy) => printable(policy, [token])) : [],
    lease: typeof lease === "number" && lease >= 0 ? lease : undefined,
    credkey: isCredkey(credkey) ? credkey : undefined,
  };
}
