// scitokens acls: what a token grants, path by path. Rule S9.
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { Refused, Trouble } from "../exit.js";
import { inShort, toJson } from "../explain/in-words.js";
import { explainToken } from "../explain/verdict.js";
import { jsonOption } from "../input/options.js";
import { readToken } from "../input/read-token.js";
import type { Io } from "../io.js";
import { print, warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { layOut } from "../output/table.js";
import { addExamples } from "../reference/examples.js";
import { useEnforcer } from "../trust/open-enforcer.js";
import { takeTrust } from "../trust/options.js";
import type { TrustFlags } from "../trust/options.js";
import { readUnverified, scopeClaims } from "../trust/unverified.js";

interface Flags extends TrustFlags {
  readonly json?: boolean;
  readonly unverified?: boolean;
}

export const addAcls: AddCommand = (program, io) => {
  const command = program
    .command("acls")
    .summary("list what a token grants")
    .description(
      "Verifies a token and lists what it grants, each right with its path: a table on a terminal, else lines with a tab " +
        "between right and path. Exit code 1: the token is refused.",
    );
  const unverified = new Option("--unverified", "list the token's own words, and verify nothing");
  addExamples(takeTrust(command).addOption(unverified).addOption(jsonOption()), [
    {
      run: "scitokens acls --issuer https://issuer.example.org --audience https://data.example.org token.txt",
      shows: "what does it grant?",
    },
    { run: "scitokens acls --unverified token.txt", shows: "what does it say, whoever made it?" },
  ]).action((token: string | undefined, flags: Flags) => acls(io, token, flags));
};

async function acls(io: Io, argument: string | undefined, flags: Flags): Promise<void> {
  const { value, source } = await readToken(io, { token: argument, tokenFile: flags.tokenFile });
  if (flags.unverified === true) return listUnverified(io, value, flags);
  const here = { now: io.clock(), timeZone: io.timeZone };
  const { verdict, token } = await useEnforcer(io, { flags, raw: value }, (judge) =>
    explainToken({ judge, raw: value, here }),
  );
  const granted = (token?.acls ?? []).map(([authz, path]) => ({ authz, path }));
  const json = { ...toJson(verdict, source), acls: granted, groups: token?.groups };
  const rows = granted.map(({ authz, path }) => [printable(authz), path === "" ? "(no path)" : printable(path)]);
  const text = token === undefined ? inShort(io, verdict) : layOut(io, { head: ["RIGHT", "PATH"], rows });
  print(io, { json, text }, flags.json === true);
  if (verdict.outcome === "undecided") throw new Trouble();
  if (verdict.outcome === "refused") throw new Refused();
}

function listUnverified(io: Io, raw: string, { json }: Flags): void {
  const words = readUnverified(raw);
  if (words === undefined) throw new Refused("this is no token that could be read; scitokens decode says more");
  warn(io, "nothing of this token has been verified");
  const scopes = scopeClaims(words);
  print(
    io,
    { json: { verified: false, scopes }, text: scopes.map((scope) => `${printable(scope)}\n`).join("") },
    json === true,
  );
}
