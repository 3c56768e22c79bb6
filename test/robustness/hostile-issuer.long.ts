// Every behaviour of a hostile issuer with the defaults, each at a service in a process of its own; and the vectors that bound by
// the default deadline. With SCITOKENS_WRITE=1 what was measured goes into docs/hostile-issuer.md.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { UNAVAILABLE } from "./hostile-issuer/case.js";
import type { HostileCase } from "./hostile-issuer/case.js";
import { CASES } from "./hostile-issuer/cases/all.js";
import { withTable } from "./hostile-issuer/page.js";
import { runCase } from "./hostile-issuer/run-case.js";
import type { Outcome } from "./hostile-issuer/run-case.js";
import { caseOf, statusOf } from "./hostile-issuer/vector.js";
import type { Vector } from "./hostile-issuer/vector.js";

const PAGE = new URL("../../docs/hostile-issuer.md", import.meta.url);
const DEADLINE = 5000;
const outcomes = new Map<HostileCase, Outcome>();

describe("an issuer that is hostile, with the defaults:", () => {
  // One after the other: what one costs is not another's.
  it.each(CASES)("$what (I4, I6, I9)", async (hostile) => {
    // Node may keep an unused connection for 4 s, and goes on connecting for 10 s; then none is left.
    const outcome = await runCase(hostile, { apart: true, grace: 12_000 });
    const { answer, fetches, elsewhere, leftOpen, messages, ms, mb, stallMs, neighbours } = outcome;
    expect({ answer, fetches, elsewhere, leftOpen, neighbours }).toEqual({
      answer: hostile.answer ?? UNAVAILABLE,
      fetches: hostile.fetches ?? 2,
      elsewhere: hostile.elsewhere ?? 0,
      leftOpen: 0,
      neighbours: ["good", "good"],
    });
    expect(messages).toEqual(hostile.answer === undefined ? [expect.stringMatching(hostile.says ?? /^$/)] : []);
    expect(ms).toBeLessThan(DEADLINE + 2000);
    if (hostile.waits === true) expect(ms).toBeGreaterThan(DEADLINE - 20);
    // Who is kept busy until the deadline has the garbage of five seconds, too.
    expect(mb).toBeLessThan(hostile.flood === true ? 128 : 64);
    expect(stallMs).toBeLessThan(2000);
    outcomes.set(hostile, outcome);
  });
});

describe("the vectors that bound by the default deadline", () => {
  const text = readFileSync(new URL("vectors/hostile-issuer.json", import.meta.url), "utf8");
  const { cases } = JSON.parse(text) as { readonly cases: readonly Vector[] };
  const waiting = cases.filter(({ jwksBehaviour: { hang, dripMs } }) => hang === true || dripMs !== undefined);

  it.each(waiting)("$id: $expect (I4)", async (vector) => {
    const outcome = await runCase(caseOf(vector), { apart: true });
    expect(statusOf(outcome.answer)).toBe(vector.expect);
    expect(outcome.ms).toBeLessThan(vector.limits.maxMs);
    expect(outcome.fetches).toBeLessThanOrEqual(vector.limits.maxFetches);
  });

  it("are two (I4)", () => expect(waiting).toHaveLength(2));
});

afterAll(() => {
  if (process.env["SCITOKENS_WRITE"] !== "1") return;
  // Only what was measured in one run stands there.
  if (outcomes.size < CASES.length)
    throw new Error("docs/hostile-issuer.md is left as it is: not every behaviour came out well");
  writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), outcomes));
});
