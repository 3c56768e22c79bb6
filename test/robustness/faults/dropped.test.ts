// Connections opened and dropped in the middle of requests, a few of each kind; 1,000 of each framework in the long form. Rules H3, I6, V3.
import { describe, expect, it } from "vitest";
import { nothingIsLeftAlone } from "../../support/nothing-left-alone.js";
import { dropConnections } from "./dropped.js";
import { HARNESSES } from "./servers.js";

nothingIsLeftAlone();

describe.each(HARNESSES)("$name", (harness) => {
  it("answers the others while 60 connections are dropped, and holds no socket and no request of theirs (H3, I6, V3)", async () => {
    await dropConnections(harness, 60); // which expects it
    expect.assertions(6);
  });
});
