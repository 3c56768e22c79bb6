// scitokens keys: the key cache on disk, shared by this command and by services that are given its folder. Rule I13.
import type { AddCommand, Command } from "../command.js";
import { Option } from "../command.js";
import { caFileOption, insecureOption, jsonOption } from "../input/options.js";
import { addKeySet, removeKeys } from "../keys/change-keys.js";
import type { AddFlags } from "../keys/change-keys.js";
import { listKeys } from "../keys/list-keys.js";
import type { KeysFlags } from "../keys/open-store.js";
import { refreshAll } from "../keys/refresh-all.js";
import type { RefreshFlags } from "../keys/refresh-all.js";
import { addExamples } from "../reference/examples.js";
import type { Example } from "../reference/examples.js";

const TRUSTS_NOBODY = "An entry trusts nobody: keys are used only for issuers that a program, or --issuer, names.";

export const addKeys: AddCommand = (program, io) => {
  const keys = program
    .command("keys")
    .summary("list, add, remove and refresh the keys of issuers kept on disk")
    .description(
      "The key cache: keys of issuers in a folder, $XDG_CACHE_HOME/scitokens or ~/.cache/scitokens, shared by all programs " +
        `that are given it. ${TRUSTS_NOBODY}`,
    );
  sub(keys, "list", "list the issuers whose keys are kept", [
    { run: "scitokens keys list", shows: "whose keys are there, and for how long" },
  ]).action((flags: KeysFlags) => listKeys(io, flags));
  sub(keys, "add", "add an issuer's keys from a file, as for a machine without a network", [
    { run: "scitokens keys add https://issuer.example.org --jwks jwks.json", shows: "keys that were carried here" },
  ])
    .argument("<issuer>", "the issuer, spelt as in its tokens' iss")
    .addOption(new Option("--jwks <file>", "the issuer's JWK set; - is stdin").makeOptionMandatory())
    .addOption(new Option("--jwks-uri <url>", "where programs are told to find the keys, if they are"))
    .action((issuer: string, flags: AddFlags) => addKeySet(io, issuer, flags));
  sub(keys, "remove", "remove an issuer's keys", [
    { run: "scitokens keys remove https://issuer.example.org", shows: "the next program asks the issuer again" },
  ])
    .argument("<issuer>", "the issuer")
    .action((issuer: string, flags: KeysFlags) => removeKeys(io, issuer, flags));
  sub(keys, "refresh", "fetch keys anew: of these issuers, or of all that are kept", [
    { run: "scitokens keys refresh", shows: "all of them, as from cron" },
    { run: "scitokens keys refresh https://issuer.example.org", shows: "of one issuer, whether it is there or not" },
  ])
    .argument("[issuer...]", "the issuers")
    .addOption(caFileOption())
    .addOption(insecureOption())
    .action((issuers: readonly string[], flags: RefreshFlags) => refreshAll(io, issuers, flags));
};

function sub(keys: Command, name: string, summary: string, examples: readonly Example[]): Command {
  const command = keys
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}. ${TRUSTS_NOBODY}`)
    .addOption(new Option("--dir <folder>", "the folder, instead of the user's own"))
    .addOption(jsonOption());
  return addExamples(command, examples);
}
