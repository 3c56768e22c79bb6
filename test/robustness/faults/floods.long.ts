// Each flood by itself, and longer than in cache-pressure.test.ts.
import { describe, expect, it } from "vitest";
import { reportLong } from "../../support/long-report.js";
import { FLOODS, heldByEach } from "./floods.js";

const COUNT = 30_000;

describe("a flood of", () => {
  it.each(Object.entries(FLOODS))("%s holds no memory (V3, I1, I7)", async (name, make) => {
    const held = await heldByEach(make, COUNT, 2000);
    reportLong({ name: `a flood of ${name}`, figures: { requests: COUNT, "bytes held by each": held } });
    expect(held).toBeLessThan(20);
  });
});
