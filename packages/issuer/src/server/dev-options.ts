// The options that every development issuer has, checked. RFC 8414 2.
import type { SigningAlgorithm } from "../keys/algorithms.js";
import { createKeys } from "../keys/key-ring.js";
import { parseSigningKey } from "../keys/signing-key.js";
import type { SigningKey } from "../keys/signing-key.js";
import { OptionError, wholeNumber } from "../options.js";
import { checkLoopbackHost } from "./loopback.js";

/** Options of `startDevIssuer`. */
export interface DevIssuerOptions {
  /** Default: 0, any free port. */
  readonly port?: number | undefined;
  /** A loopback address: 127.0.0.0/8, ::1 or localhost. Default: '127.0.0.1'. */
  readonly host?: string | undefined;
  /** The path of the issuer's URL, such as '/vo1'. Default: '', none. */
  readonly path?: string | undefined;
  /** One new key for each; the first is the default of `token`. Default: ['ES256']. */
  readonly algs?: readonly SigningAlgorithm[] | undefined;
  /** Keys to use instead of new ones, so that tokens outlive a restart. */
  readonly keys?: readonly SigningKey[] | undefined;
  /** Seconds, for the Cache-Control of the documents. Default: 3600. */
  readonly maxAge?: number | undefined;
}

/** Checked options. */
export interface DevSettings {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  readonly maxAge: number;
  readonly keys: readonly SigningKey[];
}

/** The names of the options. */
export const DEV_OPTIONS: readonly string[] = ["port", "host", "path", "algs", "keys", "maxAge"];

const PATH = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/; // no leading dots: they belong to .well-known

/** Refuses to start in production, checks the options, and makes the keys. */
export async function checkDevOptions(options: DevIssuerOptions): Promise<DevSettings> {
  refuseProduction();
  return {
    host: checkLoopbackHost(options.host ?? "127.0.0.1"),
    port: wholeNumber(options.port ?? 0, "port", 0, 65_535),
    path: checkPath(options.path ?? ""),
    maxAge: wholeNumber(options.maxAge ?? 3600, "maxAge (seconds)", 0, Number.MAX_SAFE_INTEGER),
    keys: await chooseKeys(options),
  };
}

/** The URL of what listens there. */
export function urlOf(scheme: "http" | "https", host: string, port: number): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function refuseProduction(): void {
  if (process.env["NODE_ENV"] !== "production") return;
  throw new Error(
    "the development issuer signs any token for whoever asks: it does not start with NODE_ENV=production",
  );
}

function checkPath(path: unknown): string {
  if (typeof path === "string" && PATH.test(path)) return path;
  throw new OptionError("path must be '' or begin with a slash, without one at its end, such as '/vo1'");
}

async function chooseKeys({ algs, keys }: DevIssuerOptions): Promise<readonly SigningKey[]> {
  if (keys === undefined) return createKeys(algs ?? ["ES256"]);
  if (algs !== undefined) throw new OptionError("give 'keys' or 'algs', not both: a key has its own alg");
  if (Array.isArray(keys) && keys.length > 0) return keys.map(parseSigningKey);
  throw new OptionError("keys must be a list of at least one SigningKey");
}
