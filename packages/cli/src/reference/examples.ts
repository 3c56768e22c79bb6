// Examples of commands: shown below their --help, written into docs/cli.md. A test runs those that need
// no other program and no issuer; of the others it sees that their words are taken.
import type { Command } from "../command.js";

export interface Example {
  /** A command line as it is typed, `scitokens` included. */
  readonly run: string;
  /** What it does, in a few words. */
  readonly shows: string;
}

const known = new WeakMap<Command, readonly Example[]>();

/** Adds examples to a command's help. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  known.set(command, examples);
  return command.addHelpText(
    "after",
    `\nExamples:\n${examples.map(({ run, shows }) => `  # ${shows}\n  ${run}`).join("\n")}`,
  );
}

export function examplesOf(command: Command): readonly Example[] {
  return known.get(command) ?? [];
}
