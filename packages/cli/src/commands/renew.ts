// scitokens renew: tokens in files kept fresh, by the configuration file of osg-token-renewer. Interop 10.
import { clientCredentials, oidcAgent, tokenFile, writeTokenFile } from "@scitokens/client";
import { IniError, parseIni } from "@scitokens/core/node";
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { Refused, Trouble } from "../exit.js";
import { caFileOption, insecureOption, jsonOption } from "../input/options.js";
import { readTextFile } from "../input/read-text.js";
import type { Io } from "../io.js";
import { fetchWithCa } from "../network/fetch-with-ca.js";
import { print, warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { addExamples } from "../reference/examples.js";
import { openAgent } from "../renew/agent-accounts.js";
import type { Agent } from "../renew/agent-accounts.js";
import { readRenewConfig } from "../renew/config.js";
import type { RenewConfig } from "../renew/config.js";
import { keepRenewing } from "../renew/keep-renewing.js";
import { renewToken } from "../renew/renew-token.js";
import type { RenewTools } from "../renew/renew-token.js";
import { describeOutcome } from "../renew/words.js";
import { sleep } from "../renew/wait.js";

interface Flags {
  readonly config: string;
  readonly once?: boolean;
  readonly caFile?: string;
  readonly allowInsecureIssuer?: boolean;
  readonly json?: boolean;
}

const CONFIG = "/etc/osg/token-renewer/config.ini";

export const addRenew: AddCommand = (program, io) => {
  const command = program
    .command("renew")
    .summary("keep tokens in files fresh, as osg-token-renewer does")
    .description(
      "Keeps the tokens of a configuration file fresh: sections [account NAME] with password_file (oidc-agent), or with " +
        "token_request_url, client_id and client_secret; sections [token NAME] with account, token_path and, where wanted, " +
        "audience, scope, min_lifetime (seconds: a token that lives longer is kept). Each token is renewed at half of its " +
        "life; one's failure stops no other. Files are replaced whole, with mode 0600. Runs until Ctrl-C or SIGTERM; with " +
        "--once exit code 1 says that a token could not be renewed.",
    )
    .addOption(
      new Option("--config <file>", "the configuration file").env("OSG_TOKEN_RENEWER_CONFIG_PATH").default(CONFIG),
    )
    .option("--once", "renew each token once, and end: as for cron or a systemd timer")
    .addOption(caFileOption())
    .addOption(insecureOption())
    .addOption(jsonOption().default(undefined, "one line for each renewal, where it keeps running"));
  addExamples(command, [
    { run: "scitokens renew --config tokens.ini --once", shows: "each token once" },
    { run: "scitokens renew --config tokens.ini", shows: "all of them, until Ctrl-C" },
  ]).action((flags: Flags) => renew(io, flags));
};

async function renew(io: Io, flags: Flags): Promise<void> {
  const config = await readConfig(io, flags.config);
  for (const warning of config.warnings) warn(io, warning);
  const { tools, close } = await openTools(io, flags);
  try {
    await (flags.once === true ? renewOnce(io, config, { tools, flags }) : renewOn(io, config, { tools, flags }));
  } finally {
    await close();
  }
}

async function readConfig(io: Io, file: string): Promise<RenewConfig> {
  const text = await readTextFile(io, file);
  try {
    return readRenewConfig(parseIni(text));
  } catch (error) {
    if (error instanceof IniError || error instanceof Trouble)
      throw new Trouble(`${printable(file)}: ${error.message}`);
    throw error;
  }
}

interface Work {
  readonly tools: RenewTools;
  readonly flags: Flags;
}

async function renewOnce(io: Io, { tokens }: RenewConfig, { tools, flags }: Work): Promise<void> {
  const outcomes = await Promise.all(tokens.map((plan) => renewToken(plan, tools)));
  const failed = outcomes.filter(({ outcome }) => outcome === "failed").length;
  const lines = outcomes.map((outcome) => describeOutcome(io, outcome));
  print(io, { json: { tokens: outcomes, failed }, text: lines.join("\n") }, flags.json === true);
  if (failed > 0) throw new Refused(`${failed} of ${outcomes.length} tokens could not be renewed`);
}

async function renewOn(io: Io, { tokens }: RenewConfig, { tools, flags }: Work): Promise<void> {
  const ending = (error: unknown): void => {
    // To be ended is how this command ends well.
    if (!io.signal.aborted) throw error;
  };
  await keepRenewing(tokens, {
    ...tools,
    clock: io.clock,
    random: Math.random,
    sleep,
    onOutcome(outcome, nextAt) {
      const text = flags.json === true ? JSON.stringify({ ...outcome, nextAt }) : describeOutcome(io, outcome, nextAt);
      io.stdout.write(`${text}\n`);
    },
  }).catch(ending);
}

async function openTools(io: Io, flags: Flags): Promise<{ tools: RenewTools; close: () => Promise<void> }> {
  const { env, uid, clock, signal } = io;
  const fetch = await fetchWithCa(io, flags.caFile);
  // Opened by the first token that needs one; whoever needs it hears why there is none, and the next one tries again.
  let agent: Promise<Agent> | undefined;
  const openedAgent = (): Promise<Agent> => {
    const opening = (agent ??= openAgent({ env, signal }));
    opening.catch(() => (agent = undefined));
    return opening;
  };
  const tools: RenewTools = {
    signal,
    current: (path, timeLeft, ending) => tokenFile(path, { uid, clock }).token({ timeLeft, signal: ending }),
    write: writeTokenFile,
    async sourceOf({ account }) {
      if (account.kind === "client") {
        const { tokenEndpoint, clientId, clientSecret } = account;
        const secret = { clientSecret: clientSecret(), clientAuthentication: "client_secret_basic" } as const;
        const { allowInsecureIssuer } = flags;
        return clientCredentials({ tokenEndpoint, clientId, ...secret, allowInsecureIssuer, fetch, clock });
      }
      const { socket, open } = await openedAgent();
      await open(account);
      return oidcAgent({ account: account.name, socket, clock });
    },
  };
  return { tools, close: async () => agent?.then(({ close }) => close()) };
}
