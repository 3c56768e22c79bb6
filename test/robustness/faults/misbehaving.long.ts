// The same as in misbehaving.test.ts, many times.
import { expect, it } from "vitest";
import { changingKeysForEachTest } from "../../support/changing-keys.js";
import { reportLong } from "../../support/long-report.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { misbehaveAndMend } from "./misbehaving.js";

nothingIsLeftAlone();
const world = changingKeysForEachTest();
const RUNS = 500;

it.each([
  ["without a store", false],
  ["with one", true],
])(
  "good tokens are good and old keys gone, once clock and issuer are right again, %s (I5 to I9, I13)",
  async (how, stored) => {
    const first = Math.floor(Math.random() * 1e6);
    for (let run = 0; run < RUNS; run++) await misbehaveAndMend(world, first + run, stored);
    const attempts = world.attempts();
    reportLong({
      name: `clock, issuer and keys misbehave, ${how}`,
      figures: { runs: RUNS, "first seed": String(first), refreshes: attempts },
    });
    expect(attempts).toBeGreaterThan(RUNS * 10);
  },
);
