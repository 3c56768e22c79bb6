// scitokens find: which token a program here would take, and where it is. WLCG Bearer Token Discovery, igwn-auth-utils' places.
import { lookForToken } from "@scitokens/client";
import type { AccessToken, TokenSearch } from "@scitokens/client";
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { Refused } from "../exit.js";
import { audienceOption, durationOption, issuerOption, jsonOption, scopeOption } from "../input/options.js";
import type { Io } from "../io.js";
import { print, warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { fromNow } from "../output/times.js";
import { addExamples } from "../reference/examples.js";

interface Flags {
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
  readonly issuer?: string;
  readonly timeLeft?: number;
  readonly verbose?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
}

export const addFind: AddCommand = (program, io) => {
  const command = program
    .command("find")
    .summary("say where the token is that programs here would take")
    .description(
      "Looks for a token that fits: $SCITOKEN, $SCITOKEN_FILE, $_CONDOR_CREDS/*.use, $BEARER_TOKEN, $BEARER_TOKEN_FILE, " +
        "$XDG_RUNTIME_DIR/bt_u$ID, /tmp/bt_u$ID, in this order. By what the token says of itself: nothing is verified. The " +
        "token is printed only with --print. Exit code 1: there is none that fits.",
    )
    .addOption(audienceOption("the service that the token must be for"))
    .addOption(scopeOption("what the token must allow"))
    .addOption(issuerOption("who must have issued it"))
    .addOption(durationOption("--time-left <time>", "how long it must still live; else 60 s"))
    .option("-v, --verbose", "say of each place why its token is not the one")
    .addOption(new Option("--print", "print the token alone on stdout").conflicts(["json", "verbose"]))
    .addOption(jsonOption());
  addExamples(command, [
    { run: "scitokens find -v", shows: "where was looked, and what was found" },
    {
      run: "scitokens find --audience https://data.example.org --scope read:/store --time-left 10m",
      shows: "a token that would do for a job of ten minutes",
    },
    {
      run: 'curl -H "Authorization: Bearer $(scitokens find --print)" https://data.example.org/store/file',
      shows: "with curl",
    },
  ]).action((flags: Flags) => find(io, flags));
};

async function find(io: Io, flags: Flags): Promise<void> {
  const { audience, scope, issuer, timeLeft } = flags;
  const { env, uid, clock, signal } = io;
  const onWarning = (sentence: string): void => warn(io, printable(sentence));
  const search = await lookForToken({ audience, scope, issuer, timeLeft, signal }, { env, uid, clock, onWarning });
  const { token } = search;
  if (flags.print === true && token !== undefined) io.stdout.write(`${token.value}\n`);
  else if (flags.json === true) print(io, { json: toJson(search), text: "" }, true);
  else if (flags.verbose === true || token !== undefined)
    print(io, { json: undefined, text: inWords(io, search, flags) }, false);
  if (token !== undefined) return;
  throw new Refused(flags.json === true || flags.verbose === true ? "" : notFound(search));
}

function toJson({ token, places }: TokenSearch): unknown {
  return {
    found: token !== undefined,
    ...(token !== undefined && { source: token.source, expiresAt: token.expiresAt }),
    places: places.map(({ place, why }) => ({ place, fits: why === undefined, why })),
  };
}

function inWords(io: Io, { token, places }: TokenSearch, { verbose }: Flags): string {
  const lines =
    verbose === true ? places.map(({ place, why }) => `${printable(place)}: ${printable(why ?? "taken")}`) : [];
  return [...lines, token === undefined ? "no token fits" : found(io, token)].join("\n");
}

function found(io: Io, { source, expiresAt }: AccessToken): string {
  const ends = expiresAt === undefined ? "when it ends it does not say" : `it ends ${fromNow(expiresAt, io.clock())}`;
  return `token in ${printable(source)}; ${ends}`;
}

function notFound({ places }: TokenSearch): string {
  const said = places.map(({ place, why }) => `  ${printable(place)}: ${printable(why ?? "")}`);
  return ["no token that fits:", ...said].join("\n");
}
