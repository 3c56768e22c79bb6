// The examples of the commands that find, get and renew tokens, and of those about issuers: each is a command line that is taken.
import { expect, it } from "vitest";
import type { Command } from "../../packages/cli/src/command.js";
import { createProgram } from "../../packages/cli/src/program.js";
import { examplesOf } from "../../packages/cli/src/reference/examples.js";
import { silentIo } from "./run-cli.js";

const NAMES = ["find", "get", "renew", "with", "doctor", "keys", "issuer"];

/** A command and all below it. */
const family = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(family)];
const leaves = (program: Command): readonly Command[] =>
  program.commands
    .filter((command) => NAMES.includes(command.name()))
    .flatMap(family)
    .filter(({ commands }) => commands.length === 0);

/** The words of the scitokens command in a line, as a shell has them; what stands in quotes here has no blanks that matter. */
function wordsOf(line: string): readonly string[] {
  const [, own = ""] = /scitokens ([^|)]*)/.exec(line) ?? [];
  return own.trim().split(/\s+/);
}

it("each command has some", async () => {
  const bare = leaves(await createProgram(silentIo())).filter((command) => examplesOf(command).length === 0);
  expect(bare.map((command) => command.name())).toEqual([]);
});

it.each(
  leaves(await createProgram(silentIo())).flatMap((command) => examplesOf(command).map(({ run }) => [run] as const)),
)("%s", async (run) => {
  const program = await createProgram(silentIo());
  let taken = 0;
  for (const command of leaves(program)) command.action(() => void taken++);
  await program.parseAsync([...wordsOf(run)], { from: "user" });
  expect(taken).toBe(1);
});
