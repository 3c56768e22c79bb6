// A token of a Vault that keeps the refresh tokens, with a login where one is due: what htgettoken does. Interop 9.
import { userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import {
  parseHtgettokenOpts,
  TokenError,
  vault,
  vaultKerberosLogin,
  vaultLogin,
  writeCredkey,
  writeVaultTokenFile,
} from "@scitokens/client";
import type { TokenSource, VaultLogin, VaultOptions, VaultPrompt } from "@scitokens/client";
import { Option } from "../command.js";
import { Trouble } from "../exit.js";
import { showPage } from "../get/show-prompt.js";
import { caFileOption } from "../input/options.js";
import type { Io } from "../io.js";
import { fetchWithCa } from "../network/fetch-with-ca.js";
import { warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import type { SourceFlags, SourceKind } from "./kind.js";
import { audienceFlag, scopeFlag } from "./oauth-flags.js";

const option = (flags: string, description: string) => (): Option => new Option(flags, description);

export const vaultKind: SourceKind = {
  name: "vault",
  summary: "from a Vault as htgettoken uses it, with a login where one is due",
  description:
    "Gets a token from a Vault that keeps refresh tokens, as htgettoken does; where no vault token is at hand, logs in first: " +
    "in a browser, or by Kerberos. The vault token is kept in a file of mode 0600. $HTGETTOKENOPTS is read.",
  options: [
    option("--address <address>", "the Vault: a host name or URL; port 8200 where none is written"),
    option("--issuer <name>", "what the Vault calls the token issuer; else default"),
    option("--role <name>", "what the Vault calls the role; else default"),
    option("--credkey <name>", "the name that the credentials are stored under; else as the last login told"),
    option("--vault-token-file <file>", "where the vault token is kept; else /tmp/vt_u$ID"),
    option("--kerberos", "log in by Kerberos: for robots, with a ticket at hand (kinit)"),
    scopeFlag,
    audienceFlag,
    caFileOption,
  ],
  examples: [
    {
      run: "scitokens get vault --address htvault.example.org --issuer dune",
      shows: "log in once in a browser; for some days nobody is asked again",
    },
    {
      run: "scitokens get vault --address htvault.example.org --issuer dune --role robot --kerberos --credkey dune/robots/daq",
      shows: "a robot with a keytab, after kinit",
    },
  ],
  defaults(io) {
    const { address, issuer, role, credkey, scope, audience, vaultTokenFile, outFile, ...rest } =
      readHtgettokenOpts(io);
    const given = { address, issuer, role, credkey, scope, audience, vaultTokenFile, out: outFile, htgettoken: rest };
    return given as SourceFlags; // what is undefined is left out by whoever merges it
  },
  async create(io, flags) {
    const { address, issuer, role, credkey, htgettoken: { minimumSeconds, vaultTokenInFile } = {} } = flags;
    if (address === undefined) throw new Trouble("--address is missing: which Vault to ask (or -a in $HTGETTOKENOPTS)");
    const vaultTokenFile = flags.vaultTokenFile ?? `/tmp/vt_u${io.uid ?? ""}`;
    const place: VaultOptions = { address, issuer, role, fetch: await fetchWithCa(io, flags.caFile), clock: io.clock };
    const configDir = flags.htgettoken?.configDir ?? configBelow(homeFolder(io));
    if (configDir === undefined && credkey === undefined) {
      throw new Trouble(
        "there is no home folder to keep the name of the credentials in ($HOME is not set, or no absolute path): " +
          "set $HOME, or give --credkey",
      );
    }
    const tokens = (key: string | undefined, file: string): TokenSource =>
      vault({ ...place, credkey: key, vaultTokenFile: file, configDir, minimumSeconds });
    return {
      async token(request) {
        try {
          return await tokens(credkey, vaultTokenInFile ?? vaultTokenFile).token(request);
        } catch (error) {
          if (!(error instanceof TokenError) || error.code !== "interaction_needed") throw error;
          if (flags.htgettoken?.noOidc === true && flags.kerberos !== true) throw error;
        }
        const { vaultToken, credkey: told } = await logIn(io, flags, { place, signal: request?.signal });
        await writeVaultTokenFile(vaultToken, vaultTokenFile);
        const config = { issuer: issuer ?? "default", role: role ?? "default" };
        if (told !== undefined && configDir !== undefined) await writeCredkey(told, { ...config, configDir });
        return tokens(credkey ?? told, vaultTokenFile).token(request);
      },
    };
  },
};

/** undefined where neither $HOME nor the system says. */
function homeFolder({ env }: Io): string | undefined {
  const home = env["HOME"] ?? systemHome();
  return home !== undefined && isAbsolute(home) ? home : undefined;
}

function systemHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined; // a user without an entry in the password database, as in some containers
  }
}

const configBelow = (home: string | undefined): string | undefined =>
  home === undefined ? undefined : join(home, ".config", "htgettoken");

interface Login {
  readonly place: VaultOptions;
  readonly signal: AbortSignal | undefined;
}

function logIn(io: Io, flags: SourceFlags, { place, signal }: Login): Promise<VaultLogin> {
  const { kerberos, credkey, htgettoken: { lifetime } = {} } = flags;
  if (kerberos === true) return vaultKerberosLogin({ ...place, lifetime, signal });
  const onPrompt = ({ url, userCode }: VaultPrompt): void => showPage(io, url, userCode);
  return vaultLogin({ ...place, credkey, lifetime, onPrompt, signal });
}

function readHtgettokenOpts(io: Io): ReturnType<typeof parseHtgettokenOpts> {
  try {
    const options = parseHtgettokenOpts(io.env["HTGETTOKENOPTS"] ?? "", io.uid);
    const ignored = [...options.ignored, ...(options.noBearerToken === true ? ["nobearertoken"] : [])];
    if (ignored.length > 0) warn(io, `of $HTGETTOKENOPTS these mean nothing here: ${ignored.join(" ")}`);
    return options;
  } catch (error) {
    if (error instanceof TypeError) throw new Trouble(`$${printable(error.message)}`);
    throw error;
  }
}
