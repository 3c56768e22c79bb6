// A robot with a keytab logs in at Vault by Kerberos. RFC 4559, as htgettoken does it, interop 9.
import { systemClock } from "../base/clock.js";
import { TokenError } from "../base/errors.js";
import { checkFunction, checkSeconds, checkText } from "../base/option-checks.js";
import { askVault } from "./ask-vault.js";
import type { VaultAccess } from "./ask-vault.js";
import { WEEK } from "./login.js";
import { negotiateByKerberos } from "./negotiate.js";
import { checkVaultOptions } from "./options.js";
import type { VaultOptions } from "./options.js";
import { readLogin } from "./vault-login.js";
import type { VaultLogin } from "./vault-login.js";

/** Options of `vaultKerberosLogin`. */
export interface VaultKerberosOptions extends VaultOptions {
  /** Makes the token for `Authorization: Negotiate`, in base64. Default: by the package `kerberos`, with the ticket at hand. */
  readonly negotiate?: ((service: string) => Promise<string>) | undefined;
  /** Vault's own name in Kerberos. Default: `host@` and the host of the address, as htgettoken has it. */
  readonly service?: string | undefined;
  /** Seconds that the vault token may live. Default 7 days. */
  readonly lifetime?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Logs in at Vault by Kerberos: a ticket must be at hand (`kinit -kt robot.keytab robot@REALM`), and the package `kerberos`
 * be installed, unless `negotiate` is given. The refresh token must have been stored by an OIDC login before.
 *
 * The vault token lives 7 days; `timeout` is in seconds, default 10.
 * @throws {TypeError} for a wrong option; {TokenError} `interaction_needed` without a ticket, `refused` or `unreachable`
 * @example
 * const { vaultToken } = await vaultKerberosLogin({ address: "htvault.example", issuer: "dune", role: "robot" });
 * const source = vault({ address: "htvault.example", issuer: "dune", role: "robot", credkey: "dune/robots/daq", vaultToken });
 */
export async function vaultKerberosLogin(options: VaultKerberosOptions): Promise<VaultLogin> {
  const where = "vaultKerberosLogin";
  const place = checkVaultOptions(where, options, ["negotiate", "service", "lifetime", "signal"]);
  const { negotiate = negotiateByKerberos, lifetime = WEEK, signal, clock = systemClock } = options;
  const { source, issuer, role, address } = place;
  const { service = `host@${address.hostname}` } = options;
  checkFunction(where, "negotiate", options.negotiate);
  checkText(where, "service", service);
  checkSeconds(where, "lifetime", options.lifetime);
  const ticket = await negotiate(service);
  if (typeof ticket !== "string" || !/^[A-Za-z0-9+/]+=*$/.test(ticket)) {
    throw new TokenError("unusable", `${source}: negotiate gave no token in base64`, { source });
  }
  const access: VaultAccess = { ...place, fetch: options.fetch, timeout: options.timeout };
  const answer = await askVault(access, {
    path: `auth/kerberos-${issuer}_${role}/login`,
    headers: { Authorization: `Negotiate ${ticket}`, "Content-Type": "application/x-www-form-urlencoded" },
    body: "",
    secrets: [ticket],
    signal,
  });
  return readLogin(answer, { access, lifetime, now: clock(), signal });
}
