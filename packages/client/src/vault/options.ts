// Which Vault, which issuer there, which role: htgettoken's options -a, -i and -r, with its defaults. Interop 9.
import { isPrivateChannel } from "../base/loopback.js";
import { checkChoice, checkFunction, checkSeconds, checkText } from "../base/option-checks.js";
import { checkOptionNames } from "../base/option-names.js";
import { readUrl } from "../base/safe-url.js";

/** Options that everything about Vault shares. */
export interface VaultOptions {
  /** A host name or a URL. Default scheme https, default port 8200. */
  readonly address: string;
  /** What Vault calls the token issuer. Default: `default`. */
  readonly issuer?: string | undefined;
  /** What Vault calls the role for that issuer. Default: `default`. */
  readonly role?: string | undefined;
  /** For a certificate authority of your own, or a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Seconds for one answer, its body included. Default 10. */
  readonly timeout?: number | undefined;
  /** Lets a Vault be asked by http that is not on this machine. Default false. */
  readonly allowInsecureAddress?: boolean | undefined;
  /** Seconds since the epoch. Default: the system's clock. */
  readonly clock?: (() => number) | undefined;
}

const NAMES = ["address", "issuer", "role", "fetch", "timeout", "allowInsecureAddress", "clock"];

/** The same, complete. */
export interface VaultPlace {
  readonly address: URL;
  readonly issuer: string;
  readonly role: string;
  /** In words, for messages. */
  readonly source: string;
}

/** @throws {TypeError} that names the option and what is expected */
export function checkVaultOptions(where: string, options: VaultOptions, own: readonly string[]): VaultPlace {
  checkOptionNames(where, options, [...NAMES, ...own]);
  const { issuer = "default", role = "default" } = options;
  checkText(where, "address", options.address);
  checkName(where, "issuer", issuer);
  checkName(where, "role", role);
  checkFunction(where, "fetch", options.fetch);
  checkFunction(where, "clock", options.clock);
  checkSeconds(where, "timeout", options.timeout);
  checkChoice(where, "allowInsecureAddress", { value: options.allowInsecureAddress, known: [true, false] });
  const address = readAddress(where, options.address);
  if (!isPrivateChannel(address) && options.allowInsecureAddress !== true) {
    throw new TypeError(`${where}: address must be https; where it cannot be, there is allowInsecureAddress: true`);
  }
  return { address, issuer, role, source: `Vault at ${address.host}` };
}

/** As htgettoken reads it: a host name is enough, and the port is 8200 unless one is written. */
function readAddress(where: string, text: string): URL {
  const full = text.includes("://") ? text : `https://${text}`;
  const url = readUrl(where, "address", full);
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(full)?.[1] ?? "";
  if (!/:\d+$/.test(authority)) url.port = "8200";
  if (url.search !== "" || url.pathname !== "/") throw new TypeError(`${where}: address must have no path`);
  return url;
}

/** @throws {TypeError} unless it can be a part of a path in Vault */
export function checkName(where: string, name: string, value: unknown): asserts value is string {
  checkText(where, name, value);
  if (/^[\w.@:+~-]+$/.test(value) && !/^\.+$/.test(value)) return;
  throw new TypeError(`${where}: ${name} must be a name in Vault, without slashes or white space`);
}
