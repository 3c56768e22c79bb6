// What a long test measured, for the table of docs/long-tests.md. `npm run test:long` reads it from Vitest's own report.
import { TestRunner } from "vitest";

export interface LongFigures {
  /** What was done, as the table shows it: "an issuer that flaps, Express". */
  readonly name: string;
  /** What was measured, in the order of the table: { requests: 12_000, "p99, ms": 4.2 }. Numbers are rounded there. */
  readonly figures: Readonly<Record<string, string | number>>;
}

/**
 * Reports what the running test measured; a test may report more than once. How long it ran, and whether it passed, is
 * Vitest's to say. Called before the assertions that may fail, the figures of a failure are shown as well. In `npm test`
 * nobody looks, so that a short form of a long test may call it too.
 * @example
 * it("answers every request while the issuer flaps (I5)", async () => {
 *   const { requests, p99 } = await flap(120);
 *   reportLong({ name: "an issuer that flaps", figures: { requests, "p99, ms": p99 } });
 *   expect(...);
 * });
 */
export function reportLong(measured: LongFigures): void {
  const meta = TestRunner.getCurrentTest()?.meta as { long?: LongFigures[] } | undefined;
  if (meta === undefined) throw new Error("reportLong: expected to be called while a test runs");
  meta.long = [...(meta.long ?? []), measured];
}
