// One run of the command: arguments in, exit code out. What went wrong is one line on stderr, never a stack, never a token.
import { CommanderError } from "./command.js";
import { EXIT, ExitWith, Refused, Trouble } from "./exit.js";
import type { ExitCode } from "./exit.js";
import type { Io, Output } from "./io.js";
import { printableJson, printableLines, withoutSecrets } from "./output/printable.js";
import { createProgram } from "./program.js";

/** Runs `scitokens` with these arguments (without node and script). Never throws for what a user can cause. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let answered = false;
  const stdout: Output = {
    isTTY: io.stdout.isTTY,
    columns: io.stdout.columns,
    write(text) {
      answered = true;
      return io.stdout.write(text);
    },
  };
  try {
    const program = await createProgram({ ...io, stdout }, argv[0]);
    await program.parseAsync([...argv], { from: "user" });
    return EXIT.good;
  } catch (error) {
    if (error instanceof ExitWith) return error.exitCode;
    if (io.signal.aborted) return interruptedBy(io.signal.reason);
    if (!(error instanceof Error) || !(await isExpected(error))) throw error;
    // A program that asked for JSON gets JSON, and one document of it.
    if (wantsJson(argv) && !answered && exitCodeOf(error) !== EXIT.good) {
      io.stdout.write(`${printableJson({ error: withoutSecrets(error.message.replace(/^error: /, "")) })}\n`);
    }
    // What commander says, it has said.
    if (!(error instanceof CommanderError) && error.message !== "") {
      io.stderr.write(`scitokens: ${printableLines(error.message)}\n`);
    }
    return exitCodeOf(error);
  }
}

/** What the shell calls a program that a signal has ended. */
const interruptedBy = (reason: unknown): ExitCode => (String(reason).includes("SIGTERM") ? 143 : 130);

/** Whether `--json` is an option of the command, and not of one that `with` runs. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end === -1 ? argv : argv.slice(0, end)).includes("--json");
}

async function isExpected(error: unknown): Promise<boolean> {
  if ([CommanderError, Refused, Trouble].some((kind) => error instanceof kind)) return true;
  const { TokenError } = await import("@scitokens/client"); // whoever threw one has loaded it
  return error instanceof TokenError;
}

function exitCodeOf(error: Error): ExitCode {
  // Help and the version end this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.trouble;
  return error instanceof Refused ? EXIT.refused : EXIT.trouble;
}
