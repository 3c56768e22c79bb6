#!/usr/bin/env node
// The scitokens command. What is caught is caught before anything large is loaded.
import { EXIT } from "./exit.js";

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}
// Node would open its debugger, to whoever can reach its port.
process.on("SIGUSR1", () => {});

let unwritable = false;
for (const name of ["stdout", "stderr"] as const) {
  process[name].on("error", ({ code }: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no error; the work goes on, and its exit code tells of it.
    if (code === "EPIPE") return;
    if (!unwritable && name === "stdout") process.stderr.write(`scitokens: stdout cannot be written (${code})\n`);
    unwritable = true;
    process.exitCode = EXIT.trouble;
  });
}
try {
  const [{ run }, { processIo }] = await Promise.all([import("./run.js"), import("./io.js")]);
  const exitCode = await run(process.argv.slice(2), processIo(ending.signal));
  process.exitCode = unwritable ? EXIT.trouble : exitCode;
} catch (error) {
  const { printableLines } = await import("./output/printable.js");
  // A stack is for whoever mends this; what an error quotes must not be a secret even then.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`scitokens: a fault of this program, please report it:\n${printableLines(stack)}\n`);
  process.exitCode = EXIT.trouble;
}
