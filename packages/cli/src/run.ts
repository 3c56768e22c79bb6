// One run of the command: arguments in, exit code out. What went wrong is one line on stderr, never a stack, never a token.
import { CommanderError } from "commander";
import { EXIT, Refused, Trouble } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";

/** Runs `scitokens` with these arguments (without node and script). Never throws for what a user can cause. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    await createProgram(io).parseAsync([...argv], { from: "user" });
    return EXIT.good;
  } catch (error) {
    return end(error, io);
  }
}

function end(error: unknown, io: Io): ExitCode {
  // commander has said what was wrong; help and version end this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.trouble;
  if (error instanceof Refused) {
    if (error.message !== "") io.stderr.write(`scitokens: ${error.message}\n`);
    return EXIT.refused;
  }
  if (error instanceof Trouble) {
    io.stderr.write(`scitokens: ${error.message}\n`);
    return EXIT.trouble;
  }
  throw error;
}
