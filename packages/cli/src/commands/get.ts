// scitokens get: a token from wherever tokens come from, into the file where others look for it.
import type { AddCommand, Command } from "../command.js";
import { Option } from "../command.js";
import { chooseFile, deliver } from "../get/deliver.js";
import type { DeliverFlags } from "../get/deliver.js";
import { durationOption, jsonOption } from "../input/options.js";
import type { Io } from "../io.js";
import { addExamples } from "../reference/examples.js";
import { agentKind } from "../sources/agent.js";
import { clientCredentialsKind } from "../sources/client-credentials.js";
import { deviceKind } from "../sources/device.js";
import { exchangeKind } from "../sources/exchange.js";
import { requestOf, withDefaults } from "../sources/kind.js";
import type { SourceFlags, SourceKind } from "../sources/kind.js";
import { optionTrouble } from "../sources/option-trouble.js";
import { refreshKind } from "../sources/refresh.js";
import { vaultKind } from "../sources/vault.js";

type GetFlags = SourceFlags & DeliverFlags & { readonly timeLeft?: number };

const KINDS: readonly SourceKind[] = [
  deviceKind,
  clientCredentialsKind,
  agentKind,
  vaultKind,
  exchangeKind,
  refreshKind,
];

export const addGet: AddCommand = (program, io) => {
  const get = program
    .command("get")
    .summary("get a token: in a browser, by a client's secret, from oidc-agent or Vault")
    .description(
      "Gets a token, and writes it to a file of mode 0600: --out, else where programs look for it ($BEARER_TOKEN_FILE, " +
        "$XDG_RUNTIME_DIR/bt_u$ID, /tmp/bt_u$ID). The token is printed only with --print. Exit code 2: none could be had.",
    );
  for (const kind of KINDS) addKind(get, kind, io);
};

function addKind(get: Command, kind: SourceKind, io: Io): void {
  const command = get.command(kind.name).summary(kind.summary).description(kind.description);
  for (const option of kind.options) command.addOption(option());
  command
    .addOption(new Option("--out <file>", "where to write the token, instead of where programs look for it"))
    .addOption(new Option("--print", "print the token alone on stdout, and write no file").conflicts(["out", "json"]))
    .addOption(durationOption("--time-left <time>", "how long the token must live; else 60 s"))
    .addOption(jsonOption());
  addExamples(command, kind.examples).action((flags: GetFlags) => getToken(io, kind, flags));
}

async function getToken(io: Io, kind: SourceKind, given: GetFlags): Promise<void> {
  const flags = withDefaults(io, kind, given);
  const file = chooseFile(io, flags);
  const token = await optionTrouble(async () => {
    const source = await kind.create(io, flags);
    return source.token({ ...requestOf(flags), timeLeft: flags.timeLeft, signal: io.signal });
  });
  await deliver(io, token, { file, flags });
}
