// scitokens verify: whether a token is good for a server, and why not. Rules I, T, C, P.
import type { SciToken } from "@scitokens/core";
import type { AddCommand } from "../command.js";
import { Refused, Trouble } from "../exit.js";
import { inShort, toJson } from "../explain/in-words.js";
import { explainToken } from "../explain/verdict.js";
import { jsonOption } from "../input/options.js";
import { readToken } from "../input/read-token.js";
import type { Io } from "../io.js";
import { paint, print } from "../output/print.js";
import { printable } from "../output/printable.js";
import { layOutPairs } from "../output/table.js";
import { moment } from "../output/times.js";
import { addExamples } from "../reference/examples.js";
import { useEnforcer } from "../trust/open-enforcer.js";
import { takeTrust } from "../trust/options.js";
import type { TrustFlags } from "../trust/options.js";

interface Flags extends TrustFlags {
  readonly json?: boolean;
}

export const addVerify: AddCommand = (program, io) => {
  const command = program
    .command("verify")
    .summary("say whether a token is good: signature, times, audience, claims")
    .description(
      "Says whether a token is good for a server: signed by a trusted issuer, good now, for this server, and written as " +
        "its profile asks. What it allows is another question: see test, explain and acls. Exit code 1: it is refused.",
    );
  addExamples(takeTrust(command).addOption(jsonOption()), [
    {
      run: "scitokens verify --issuer https://issuer.example.org --audience https://data.example.org token.txt",
      shows: "ask the issuer for its keys, and verify the token in a file",
    },
    {
      run: "scitokens verify --issuer https://issuer.example.org --jwks jwks.json --audience https://data.example.org --json - < token.txt",
      shows: "with the issuer's keys from a file, and no network; the answer as JSON",
    },
  ]).action((token: string | undefined, flags: Flags) => verify(io, token, flags));
};

async function verify(io: Io, argument: string | undefined, flags: Flags): Promise<void> {
  const { value, source } = await readToken(io, { token: argument, tokenFile: flags.tokenFile });
  const here = { now: io.clock(), timeZone: io.timeZone };
  const { verdict, token } = await useEnforcer(io, { flags, raw: value }, (judge) =>
    explainToken({ judge, raw: value, here }),
  );
  const text = token === undefined ? inShort(io, verdict) : goodToken(io, token, source);
  print(io, { json: { ...toJson(verdict, source), claims: token?.claims }, text }, flags.json === true);
  if (verdict.outcome === "undecided") throw new Trouble();
  if (verdict.outcome === "refused") throw new Refused();
}

function goodToken(io: Io, token: SciToken, source: string): string {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ["from", source],
    ["issuer", token.issuer],
    ["audience", token.audience.join(", ") || "none"],
    ["subject", token.subject],
    ["profile", token.profile],
    ["good until", moment(token.expiresAt, { now: io.clock(), timeZone: io.timeZone })],
    ["scopes", token.scopes.join(" ") || "none"],
    ["groups", token.groups.join(" ") || undefined],
  ];
  const known = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, printable(value, 16_384)] as const],
  );
  return `${paint(io, ["bold", "green"], "good")}\n${layOutPairs(known, "  ")}`;
}
