// 1,000 connections of each framework, opened and dropped in the middle of requests, again and again. Rules H3, I6, V3.
import { describe, expect, it } from "vitest";
import { heldAfter } from "../../support/garbage.js";
import { reportLong } from "../../support/long-report.js";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { dropConnections } from "./dropped.js";
import { HARNESSES } from "./servers.js";

nothingIsLeftAlone();
const COUNT = 1000;

describe.each(HARNESSES)("$name", (harness) => {
  it("answers the others meanwhile, and holds no socket and no memory (H3, I6, V3)", async () => {
    await dropConnections(harness, COUNT); // what is made once is made now
    const held = (await heldAfter(() => dropConnections(harness, COUNT))) / COUNT;
    const figures = { connections: 2 * COUNT, "bytes held by each": held };
    reportLong({ name: `dropped connections, ${harness.name}`, figures });
    expect(held).toBeLessThan(1000); // a socket of Node's with its parser holds several kB
  });
});
