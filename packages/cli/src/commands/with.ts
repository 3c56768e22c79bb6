// scitokens with: runs a command with a token in a private file that stays fresh, as httokensh does.
import { environmentTokens, writeTokenFile } from "@scitokens/client";
import type { AccessToken, TokenRequest } from "@scitokens/client";
import type { AddCommand } from "../command.js";
import { Option } from "../command.js";
import { ExitWith } from "../exit.js";
import { durationOption } from "../input/options.js";
import type { Io } from "../io.js";
import { warn } from "../output/print.js";
import { printable } from "../output/printable.js";
import { addExamples } from "../reference/examples.js";
import { sleep } from "../renew/wait.js";
import { agentKind } from "../sources/agent.js";
import { clientCredentialsKind } from "../sources/client-credentials.js";
import { deviceKind } from "../sources/device.js";
import { exchangeKind } from "../sources/exchange.js";
import { requestOf, withDefaults } from "../sources/kind.js";
import type { SourceFlags, SourceKind } from "../sources/kind.js";
import { optionTrouble } from "../sources/option-trouble.js";
import { refreshKind } from "../sources/refresh.js";
import { vaultKind } from "../sources/vault.js";
import { runChild } from "../with/child.js";
import { environmentFor } from "../with/environment.js";
import { keepFresh } from "../with/keep-fresh.js";
import { catchSignals } from "../with/signals.js";
import type { CaughtSignals } from "../with/signals.js";
import { makeTokenFolder } from "../with/token-folder.js";

type Flags = SourceFlags & { readonly from: string; readonly timeLeft?: number };

const found: SourceKind = {
  name: "discovery",
  summary: "",
  description: "",
  options: [],
  examples: [],
  async create({ env, uid, clock }, { issuer }) {
    const source = environmentTokens({ env, uid, clock });
    return { token: (request) => source.token({ ...request, issuer }) };
  },
};

const KINDS = [found, agentKind, vaultKind, clientCredentialsKind, deviceKind, refreshKind, exchangeKind];

export const addWith: AddCommand = (program, io) => {
  const command = program
    .command("with")
    .summary("run a command with a token that stays fresh")
    .description(
      "Runs a command with $BEARER_TOKEN_FILE set to a private file whose token is renewed at half of its life, for as long as " +
        "the command runs; then the file is gone (after SIGKILL: with the next run). The token is in no argument and no " +
        "variable. Signals are passed on; on a terminal SIGINT and SIGQUIT are not, for Ctrl-C and Ctrl-\\ reach the command " +
        "by themselves. The exit code is the command's; 126 or 127 where it cannot be run or is not there, 2 where no token " +
        "can be had.",
    )
    .argument("<command...>", "the command and its arguments, after --")
    .addOption(
      new Option("--from <source>", "where the token comes from; see scitokens get")
        .choices(KINDS.map(({ name }) => name))
        .default("discovery"),
    )
    .addOption(durationOption("--time-left <time>", "how long a token must live; else 60 s"));
  const known = new Set<string>();
  for (const option of KINDS.flatMap(({ options }) => options.map((make) => make()))) {
    if (known.has(option.attributeName())) continue;
    known.add(option.attributeName());
    command.addOption(option);
  }
  addExamples(command, [
    {
      run: "scitokens with --from agent --account wlcg -- xrdcp root://data.example.org//store/file .",
      shows: "a copy that may take longer than a token lives",
    },
    {
      run: "scitokens with --from vault --address htvault.example.org --issuer dune -- bash",
      shows: "a shell, as httokensh",
    },
  ]).action((words: readonly string[], flags: Flags) => runWith(io, words, flags));
};

async function runWith(io: Io, words: readonly string[], given: Flags): Promise<void> {
  const kind = KINDS.find(({ name }) => name === given.from) ?? found;
  const flags = withDefaults(io, kind, given);
  const request = requestOf(flags);
  const asking = new AbortController();
  const end = (): void => asking.abort(io.signal.reason);
  io.signal.addEventListener("abort", end);
  const source = await optionTrouble(() => kind.create({ ...io, signal: asking.signal }, flags));
  const timeLeft = flags.timeLeft;
  const first = await optionTrouble(() => source.token({ ...request, timeLeft, signal: asking.signal }));
  const signals = catchSignals(io.signal);
  io.signal.throwIfAborted();
  // From here on a signal is the command's to answer; while that runs, its token is renewed.
  io.signal.removeEventListener("abort", end);
  try {
    const renew: Supply["renew"] = (more) => source.token({ ...request, timeLeft, ...more });
    throw new ExitWith(await runFresh(io, words, { signals, first, timeLeft, renew }));
  } finally {
    asking.abort(new Error("the command has ended"));
    signals.release();
  }
}

/** Then Ctrl-C reaches the command without us. */
export function sharesTerminal({ stdin, stdout, stderr }: Io): boolean {
  return [stdin, stdout, stderr].some(({ isTTY }) => isTTY === true);
}

interface Supply {
  readonly signals: CaughtSignals;
  readonly first: AccessToken;
  readonly timeLeft: number | undefined;
  readonly renew: (more: TokenRequest) => Promise<AccessToken>;
}

/** The command's exit code; folder and token are gone when it is known. */
async function runFresh(
  io: Io,
  words: readonly string[],
  { signals, first, timeLeft, renew }: Supply,
): Promise<number> {
  const folder = await makeTokenFolder(io);
  const over = new AbortController();
  try {
    await writeTokenFile(folder.file, first);
    const fresh = keepFresh(first, {
      renew: (signal) => renew({ fresh: true, signal }),
      write: (token) => writeTokenFile(folder.file, token),
      timeLeft: timeLeft ?? 0,
      clock: io.clock,
      random: Math.random,
      sleep,
      onFailure: (message) =>
        warn(io, `the token could not be renewed, and will be tried again: ${printable(message)}`),
      signal: over.signal,
    });
    io.signal.throwIfAborted();
    const env = environmentFor(io.env, folder.file);
    const ending = await runChild(words, { env, signals, onTerminal: sharesTerminal(io) });
    over.abort(new Error("the command has ended"));
    await fresh;
    if (ending.trouble !== undefined) io.stderr.write(`scitokens: ${ending.trouble}\n`);
    return ending.exitCode;
  } finally {
    over.abort(new Error("the command has ended"));
    folder.remove();
  }
}
