#!/usr/bin/env node
// The scitokens command.
import { processIo } from "./io.js";
import { run } from "./run.js";

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}
process.exitCode = await run(process.argv.slice(2), processIo(ending.signal));
