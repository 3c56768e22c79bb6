#!/usr/bin/env node
// The scitokens command.
import { EXIT } from "./exit.js";
import { processIo } from "./io.js";
import { printableLines } from "./output/printable.js";
import { run } from "./run.js";

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}
// A reader that has seen enough (`| head`) is no error; the work goes on, and its exit code tells of it.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
try {
  process.exitCode = await run(process.argv.slice(2), processIo(ending.signal));
} catch (error) {
  // A stack is for whoever mends this; what an error quotes must not be a secret even then.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`scitokens: a fault of this program, please report it:\n${printableLines(stack)}\n`);
  process.exitCode = EXIT.trouble;
}
