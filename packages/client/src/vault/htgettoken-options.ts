// HTGETTOKENOPTS: the options of htgettoken that a site sets for everybody. htgettoken(1), interop 9.
import { parseArgs } from "node:util";
import { printable } from "../base/printable.js";
import { shellWords } from "./shell-words.js";

/** What of htgettoken's options means something here, under this package's names; times in seconds. */
export interface HtgettokenOptions {
  /** -a, --vaultserver */
  readonly address?: string | undefined;
  /** -i, --issuer */
  readonly issuer?: string | undefined;
  /** -r, --role */
  readonly role?: string | undefined;
  readonly credkey?: string | undefined;
  /** --scopes */
  readonly scope?: readonly string[] | undefined;
  readonly audience?: readonly string[] | undefined;
  /** --minsecs */
  readonly minimumSeconds?: number | undefined;
  /** --vaulttokenfile, `%uid` filled in */
  readonly vaultTokenFile?: string | undefined;
  /** --vaulttokeninfile, `%uid` filled in: where the vault token is read */
  readonly vaultTokenInFile?: string | undefined;
  /** --vaulttokenttl */
  readonly lifetime?: number | undefined;
  /** -o, --outfile, `%uid` filled in */
  readonly outFile?: string | undefined;
  /** -c, --configdir */
  readonly configDir?: string | undefined;
  /** --nooidc */
  readonly noOidc?: boolean | undefined;
  /** --nokerberos */
  readonly noKerberos?: boolean | undefined;
  /** --nobearertoken */
  readonly noBearerToken?: boolean | undefined;
  /** Options of htgettoken's that change nothing here: their names, for a warning. */
  readonly ignored: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = {
  vaultserver: "a",
  issuer: "i",
  role: "r",
  configdir: "c",
  outfile: "o",
  optserver: "s",
  verbose: "v",
  debug: "d",
  quiet: "q",
};
const FLAGS = words("verbose debug quiet nokerberos nooidc nossh registerssh novaulttoken showbearerurl nobearertoken");
const VALUES =
  words(`optserver vaultserver vaultalias vaultcertname issuer role kerbpath kerbprincipal oidcpath sshpath configdir
  credkey secretpath vaulttokenttl vaulttokenminttl vaulttokenfile vaulttokeninfile outfile minsecs scopes audience cafile capath
  web-open-command`);
/** Nothing is lost without them here. */
const HARMLESS = words("verbose debug quiet nossh web-open-command");

/**
 * Reads what `HTGETTOKENOPTS` holds, as a shell and htgettoken would.
 * @throws {TypeError} for an option that htgettoken does not have, one without its value, or a quote that is not closed
 * @example parseHtgettokenOpts('-a htvault.example -i dune --credkey="dune/robots/daq"').credkey; // "dune/robots/daq"
 */
export function parseHtgettokenOpts(text: string, uid: number | undefined = process.geteuid?.()): HtgettokenOptions {
  const found = readOptions(shellWords(text));
  const rest = new Set(found.keys());
  const take = (name: string): string | undefined => {
    rest.delete(name);
    return found.get(name);
  };
  const list = (name: string): readonly string[] | undefined =>
    take(name)
      ?.split(/[,\s]+/)
      .filter((one) => one !== "");
  const path = (name: string): string | undefined => take(name)?.replaceAll("%uid", String(uid ?? ""));
  const flag = (name: string): true | undefined => (take(name) === undefined ? undefined : true);
  const noVaultToken = flag("novaulttoken"); // htgettoken(1): the same as all three
  const options = {
    address: take("vaultserver"),
    issuer: take("issuer"),
    role: take("role"),
    credkey: take("credkey"),
    scope: list("scopes"),
    audience: list("audience"),
    minimumSeconds: readSeconds("minsecs", take("minsecs"), /^(\d+)()$/),
    vaultTokenFile: path("vaulttokenfile"),
    vaultTokenInFile: path("vaulttokeninfile"),
    lifetime: readSeconds("vaulttokenttl", take("vaulttokenttl"), /^(\d+)([smhd])$/),
    outFile: path("outfile"),
    configDir: path("configdir"),
    noOidc: flag("nooidc") ?? noVaultToken,
    noKerberos: flag("nokerberos") ?? noVaultToken,
    noBearerToken: flag("nobearertoken"),
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ignored: [...rest].filter((name) => !HARMLESS.includes(name)) };
}

/** Long names may be shortened, as optparse allows it; the last of several counts. */
function readOptions(args: readonly string[]): ReadonlyMap<string, string> {
  const settings = Object.fromEntries([
    ...FLAGS.map((name) => [name, { type: "boolean", ...short(name) }] as const),
    ...VALUES.map((name) => [name, { type: "string", ...short(name) }] as const),
  ]);
  try {
    const { values } = parseArgs({ args: args.map(lengthen), options: settings, strict: true });
    return new Map(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    const why = error instanceof Error ? printable(error.message.split(". ")[0]) : "";
    throw new TypeError(`HTGETTOKENOPTS: ${why}`, { cause: error });
  }
}

function lengthen(arg: string): string {
  const [, name = "", rest = ""] = /^--([a-z][a-z-]*)(=.*)?$/s.exec(arg) ?? [];
  if (name === "" || [...FLAGS, ...VALUES].includes(name)) return arg;
  const meant = [...FLAGS, ...VALUES].filter((known) => known.startsWith(name));
  return meant.length === 1 ? `--${meant[0]}${rest}` : arg;
}

function readSeconds(name: string, text: string | undefined, form: RegExp): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit = ""] = form.exec(text) ?? [];
  const factor = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (digits !== undefined && factor !== undefined) return Number(digits) * factor;
  throw new TypeError(`HTGETTOKENOPTS: --${name} must be a number${name === "minsecs" ? "" : ", then s, m, h or d"}`);
}

function short(name: string): { readonly short?: string } {
  const letter = SHORT[name];
  return letter === undefined ? {} : { short: letter };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
