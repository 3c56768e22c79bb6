// What became of a token, in one line.
import type { Io } from "../io.js";
import { paint } from "../output/print.js";
import { printable } from "../output/printable.js";
import { duration, fromNow } from "../output/times.js";
import type { Outcome } from "./renew-token.js";

/** `nextAt`: when it is looked at again; undefined: not at all. */
export function describeOutcome(io: Io, outcome: Outcome, nextAt?: number): string {
  const now = io.clock();
  const next = nextAt === undefined ? "" : `; again in ${duration(Math.max(1, nextAt - now))}`;
  if (outcome.outcome === "failed") {
    return `${paint(io, "red", "failed")}   ${outcome.name}: ${printable(outcome.why, 600)}${next}`;
  }
  const ends = outcome.expiresAt === undefined ? "" : `, ends ${fromNow(outcome.expiresAt, now)}`;
  const word = paint(io, "green", outcome.outcome.padEnd(7));
  return `${word}  ${outcome.name}: ${printable(outcome.path)}${ends}${next}`;
}
