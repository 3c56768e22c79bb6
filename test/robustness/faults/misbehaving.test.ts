// Whatever a clock, an issuer and a store have done, all is right soon after they are. A few seeded runs; more in the long form.
import { expect, it } from "vitest";
import { changingKeysForEachTest } from "../../support/changing-keys.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { misbehaveAndMend } from "./misbehaving.js";

nothingIsLeftAlone();
const world = changingKeysForEachTest();
const RUNS = 8;

it.each([
  ["without a store", false],
  ["with one", true],
])(
  "good tokens are good and old keys gone, once clock and issuer are right again, %s (I5 to I9, I13)",
  async (_, stored) => {
    for (let run = 0; run < RUNS; run++) await misbehaveAndMend(world, 1_000_003 * run + 17, stored);
    expect(world.attempts()).toBeGreaterThan(RUNS * 10);
  },
);
