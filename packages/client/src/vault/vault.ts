// Tokens from a Vault that keeps the refresh tokens, as htgettoken gets them. Interop 9.
import { systemClock } from "../base/clock.js";
import { TokenError } from "../base/errors.js";
import { checkText } from "../base/option-checks.js";
import { asObject } from "../base/read-object.js";
import { readRequest } from "../base/token-request.js";
import type { TokenRequest, TokenSource } from "../base/token-source.js";
import { receivedToken } from "../claims/received-token.js";
import { askVault } from "./ask-vault.js";
import { isCredkey, readCredkey, readVaultToken, vaultTokenPath } from "./files.js";
import { checkVaultOptions } from "./options.js";
import type { VaultOptions } from "./options.js";

/** Options of `vault`. */
export interface VaultSourceOptions extends VaultOptions, Pick<TokenRequest, "audience" | "scope"> {
  /** The name that the credentials are stored under. Default: what a login kept in ~/.config/htgettoken. */
  readonly credkey?: string | undefined;
  /** Where a login keeps that name. Default: ~/.config/htgettoken. */
  readonly configDir?: string | undefined;
  /** Default: what stands in `vaultTokenFile`. */
  readonly vaultToken?: string | undefined;
  /** Default: /tmp/vt_u and the effective user id. Read anew each time. */
  readonly vaultTokenFile?: string | undefined;
  /** Seconds that a token must still live for Vault to give it again; more, where a request asks for more. Default 60. */
  readonly minimumSeconds?: number | undefined;
}

/**
 * Gets tokens from a Vault as htgettoken does, by the vault token of an earlier login; with `scope` or `audience` Vault exchanges
 * its token for a narrower one. `fresh` changes nothing: Vault itself decides when it asks the issuer anew.
 *
 * Times are in seconds: `minimumSeconds` 60, `timeout` 10.
 * @throws {TypeError} for a wrong option; `token()` throws a TokenError, `interaction_needed` where a login must come first
 * @example
 * const source = cached(vault({ address: "htvault.example", issuer: "dune" }));
 * const token = await source.token({ audience: "https://data.example", scope: "storage.read:/dune" });
 */
export function vault(options: VaultSourceOptions): TokenSource {
  const own = ["credkey", "configDir", "vaultToken", "vaultTokenFile", "minimumSeconds", "audience", "scope"];
  const place = checkVaultOptions("vault", options, own);
  const { credkey, vaultToken, vaultTokenFile, minimumSeconds = 60, clock = systemClock } = options;
  if (credkey !== undefined && !isCredkey(credkey)) throw new TypeError("vault: credkey must be a name in Vault");
  if (vaultTokenFile !== undefined) checkText("vault", "vaultTokenFile", vaultTokenFile);
  if (vaultToken !== undefined && !(typeof vaultToken === "string" && /^[\x21-\x7e]+$/.test(vaultToken))) {
    throw new TypeError("vault: vaultToken must be a vault token, without white space");
  }
  if (typeof minimumSeconds !== "number" || !(minimumSeconds >= 0)) {
    throw new TypeError("vault: minimumSeconds must be a number of seconds");
  }
  readRequest({}, options);
  const { source, issuer, role } = place;
  const access = { ...place, fetch: options.fetch, timeout: options.timeout };

  return Object.freeze({
    async token(asked) {
      const request = readRequest(asked, options);
      const { signal, timeLeft } = request;
      const key = credkey ?? (await readCredkey({ issuer, role, configDir: options.configDir }));
      if (key === undefined) {
        const sentence = `${source}: no credkey is known for issuer ${issuer} and role ${role}: log in first`;
        throw new TokenError("interaction_needed", sentence, { source });
      }
      const secret = vaultToken ?? (await readVaultToken(vaultTokenFile ?? vaultTokenPath()));
      const query = new URLSearchParams({ minimum_seconds: String(Math.ceil(Math.max(minimumSeconds, timeLeft))) });
      const audiences = [...request.audience, ...request.resource];
      if (request.scope.length > 0) query.set("scopes", commas("scope", request.scope));
      if (audiences.length > 0) query.set("audiences", commas("audience", audiences));
      const kind = query.has("scopes") || query.has("audiences") ? "sts" : "creds";
      const { data } = await askVault(access, {
        path: `secret/oauth/${kind}/${issuer}/${key}:${role}`,
        query,
        headers: { "X-Vault-Token": secret },
        signal,
        secrets: [secret],
      });
      const { access_token: value, expire_time: end } = asObject(data) ?? {};
      return receivedToken(value, request, { source, expiresAt: readTime(end), now: clock() });
    },
  } satisfies TokenSource);
}

/** Vault splits such a parameter at its commas, and at nothing else. */
function commas(name: string, list: readonly string[]): string {
  if (list.some((one) => /[\s,]/.test(one))) throw new TypeError(`${name} must hold no comma or white space for Vault`);
  return list.join(",");
}

/** RFC 3339, as Vault writes it; seconds since the epoch. */
function readTime(text: unknown): number | undefined {
  const milliseconds = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
