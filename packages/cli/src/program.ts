// All commands, as one commander program. Each command is a file of its own below commands/.
import { Command } from "commander";
import type { Io } from "./io.js";

/** Adds one command, or several that belong together, to the program. */
export type AddCommand = (program: Command, io: Io) => void;

/** In the order of the help. */
const COMMANDS: readonly AddCommand[] = [];

export function createProgram(io: Io): Command {
  const program = new Command("scitokens")
    .description(
      "Look at, verify and explain SciTokens and WLCG tokens; make keys and tokens; find, get and renew them.",
    )
    .version("0.1.0")
    .helpCommand(true)
    .showSuggestionAfterError(true)
    .configureHelp({ helpWidth: Math.min(io.stdout.columns ?? 100, 100), showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  for (const add of COMMANDS) add(program, io);
  return program;
}
