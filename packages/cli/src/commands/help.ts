// scitokens help: what --help says, of a command or of one below it.
import type { AddCommand, Command } from "../command.js";
import { addExamples } from "../reference/examples.js";

export const addHelp: AddCommand = (program) => {
  const command = program
    .command("help")
    .summary("display help for a command")
    .description("Shows the help of a command, as its --help does; without one, a list of all.")
    .argument("[command...]", "a command, and one below it");
  addExamples(command, [{ run: "scitokens help get device", shows: "all options of a command" }]).action(
    (words: readonly string[]) => showHelp(program, words),
  );
};

async function showHelp(program: Command, words: readonly string[]): Promise<void> {
  let shown = program;
  for (const [i, word] of words.entries()) {
    if (shown.commands.length === 0) break;
    const next = shown.commands.find((command) => command.name() === word);
    // To run what is no command says so, and which was meant.
    if (next === undefined) return void (await program.parseAsync(words.slice(0, i + 1), { from: "user" }));
    shown = next;
  }
  shown.help();
}
