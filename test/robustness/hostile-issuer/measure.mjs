// A service in a process of its own, as an application has it: asked once with a token of a hostile issuer, and meanwhile
// with tokens of a good one. Prints what came out, how long it took, and what it cost in memory. Not run by itself.
import { createEnforcer } from "@scitokens/core";
import { monitorEventLoopDelay } from "node:perf_hooks";

const { trusted, token, timeout, neighbour, known, fresh, audience } = JSON.parse(process.argv[2]);
const MIB = 1_048_576;
const messages = [];
let kept = 0;
const enforcer = createEnforcer({
  issuer: [trusted, neighbour],
  audience,
  keys: timeout === undefined ? {} : { timeout },
  onEvent: (event) => {
    if (event.type === "keys_failed") messages.push(event.message);
    if (event.type === "keys_fetched") kept += event.keys;
  },
});

/** "good", or the reason; an error of the program is what it says, and no reason that anybody expects. */
const verdict = (raw) =>
  enforcer.verify(raw).then(
    () => "good",
    (error) => error.reason ?? String(error.stack),
  );

await verdict(known);
const stalls = monitorEventLoopDelay({ resolution: 5 });
stalls.enable();
const before = process.memoryUsage.rss();
let peak = before;
const sample = () => (peak = Math.max(peak, process.memoryUsage.rss()));
const sampling = setInterval(sample, 5);
const startedAt = performance.now();
const asked = verdict(token).then((answer) => ({ answer, ms: performance.now() - startedAt }));
const neighbours = await Promise.all([verdict(known), verdict(fresh)]);
const neighbourMs = performance.now() - startedAt;
const { answer, ms } = await asked;
sample();
clearInterval(sampling);
stalls.disable();
const figures = {
  answer,
  ms,
  neighbours,
  neighbourMs,
  messages,
  kept,
  mb: (peak - before) / MIB,
  stallMs: stalls.max / 1e6,
};
process.stdout.write(JSON.stringify(figures));
// The connections that are still open are looked at from the other side, before this process takes them with it.
process.once("message", () => process.exit());
process.send("done");
