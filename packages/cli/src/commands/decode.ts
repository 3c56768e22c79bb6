// scitokens decode: what a token says, with nothing verified. As httokendecode does.
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { describeToken } from "../decode/describe-token.js";
import { Refused } from "../exit.js";
import { diagnose, MALFORMED } from "../explain/malformed.js";
import { jsonOption, tokenFileOption } from "../input/options.js";
import { readToken } from "../input/read-token.js";
import type { Io } from "../io.js";
import { print, warn } from "../output/print.js";
import { addExamples } from "../reference/examples.js";
import { numberClaim, readUnverified } from "../trust/unverified.js";

interface Flags {
  readonly tokenFile?: string;
  readonly dates?: boolean;
  readonly json?: boolean;
}

export const addDecode: AddCommand = (program, io) => {
  const command = program
    .command("decode")
    .summary("show what a token says, verifying nothing")
    .description(
      "Shows a token's header and claims, and how long it still lives. Nothing is verified: anybody can write such a token. " +
        "Exit code 1: it cannot be read, as an opaque token.",
    )
    .argument(
      "[token]",
      "a file that holds the token, or - for stdin; else the token is looked for (see scitokens find)",
    )
    .addOption(tokenFileOption())
    .addOption(new Option("-H, --dates", "times as dates of this machine's time zone, with how far away they are"))
    .addOption(jsonOption());
  addExamples(command, [
    { run: "scitokens decode -H token.txt", shows: "a token in a file, with readable dates" },
    { run: "scitokens decode --json - < token.txt", shows: "a token from stdin, as JSON" },
  ]).action((token: string | undefined, flags: Flags) => decode(io, token, flags));
};

async function decode(io: Io, argument: string | undefined, flags: Flags): Promise<void> {
  const { value, source } = await readToken(io, { token: argument, tokenFile: flags.tokenFile });
  const words = readUnverified(value);
  if (words === undefined) {
    const { because, next } = MALFORMED[diagnose(value)];
    throw new Refused([`${source}: ${because}`, ...next.map((step) => `  ${step}`)].join("\n"));
  }
  warn(io, "nothing of this token has been verified");
  const exp = numberClaim(words, "exp");
  const timeLeft = exp === undefined ? undefined : Math.floor(exp - io.clock());
  const json = { verified: false, source, timeLeft, header: words.header, claims: words.claims };
  print(io, { json, text: describeToken(io, { words, source }, flags.dates === true) }, flags.json === true);
}
