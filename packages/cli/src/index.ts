// @scitokens/cli: the command as a function, for tests and for programs that embed it.
export { run } from "./run.js";
export { EXIT } from "./exit.js";
export type { ExitCode } from "./exit.js";
export type { Io, Output } from "./io.js";
