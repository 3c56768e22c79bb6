// The server that sees requests as they came: here not only a right answer counts, but the one that we chose.
import { expect, it } from "vitest";
import { nodeHarness } from "../contract/node-harness.js";
import { choices } from "./choices.js";
import { describeCorpus } from "./describe-corpus.js";

describeCorpus(nodeHarness, (exchanges) => {
  it("gives the preferred answer, or the one that a rule chose (H3)", () => {
    const all = Object.values(exchanges()).flat();
    expect(all.length).toBeGreaterThan(370);
    const others = all.flatMap(([{ id, expect: preferred }, { status }]) => {
      const right = choices.get(id)?.answer ?? preferred;
      return String(status) === right ? [] : [`${id}: ${status}, not ${right}`];
    });
    expect(others).toEqual([]);
  });
});
