// The door to commander: whoever makes a command takes what it needs from here.
import type { Command } from "commander";
import type { Io } from "./io.js";

export { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";

/** Adds one command, or several that belong together, to the program. */
export type AddCommand = (program: Command, io: Io) => void;
