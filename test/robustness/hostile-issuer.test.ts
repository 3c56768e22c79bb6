// What an issuer's endpoint can do to the service that asks it: each behaviour ends soon, costs little, and is told of.
// Deadlines are short here, and most behaviours share this process; hostile-issuer.long.ts has the default, and measures all.
import { beforeAll, describe, expect, it } from "vitest";
import { UNAVAILABLE } from "./hostile-issuer/case.js";
import type { HostileCase } from "./hostile-issuer/case.js";
import { CASES as ALL } from "./hostile-issuer/cases/all.js";
import { runAll, runCase } from "./hostile-issuer/run-case.js";
import type { Outcome } from "./hostile-issuer/run-case.js";

/**
 * Seconds. Those that end at the deadline and nowhere else have a short one; a process of its own has to start, too. The
 * others have a long one: it is not what ends them, however busy the machine is.
 */
const deadlineOf = ({ waits, apart }: HostileCase): number => (waits === true ? (apart === true ? 2 : 0.6) : 20);

const CASES = ALL.filter((hostile) => hostile.long !== true);
const outcomes = new Map<HostileCase, Outcome>();

beforeAll(async () => {
  const alone = (hostile: HostileCase): boolean => hostile.apart === true || hostile.flood === true;
  const run = async (hostile: HostileCase): Promise<void> => {
    outcomes.set(hostile, await runCase(hostile, { timeout: deadlineOf(hostile), apart: hostile.apart === true }));
  };
  await runAll(
    CASES.filter((hostile) => !alone(hostile)),
    16,
    run,
  );
  await runAll(CASES.filter(alone), 2, run);
}, 120_000);

function outcomeOf(hostile: HostileCase): Outcome {
  const outcome = outcomes.get(hostile);
  if (outcome === undefined) throw new Error("expected it to have been played");
  return outcome;
}

describe("an issuer that is hostile:", () => {
  it.each(CASES)("$what: the request is judged, or 503, and the operator is told why (I4, I9)", (hostile) => {
    const { answer, messages } = outcomeOf(hostile);
    expect(answer).toBe(hostile.answer ?? UNAVAILABLE);
    // Once, in one line, and nothing where the issuer has answered.
    expect(messages).toEqual(hostile.answer === undefined ? [expect.stringMatching(hostile.says ?? /^$/)] : []);
    expect(messages.join()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(messages.join().length).toBeLessThan(1000);
  });

  it.each(CASES)("$what: it ends soon, with few requests, and no connection is left (I4, I6)", (hostile) => {
    const { ms, fetches, elsewhere, leftOpen } = outcomeOf(hostile);
    const [most, deadline] = [hostile.fetches ?? 2, deadlineOf(hostile) * 1000];
    expect(elsewhere).toBe(hostile.elsewhere ?? 0);
    expect(leftOpen).toBeLessThanOrEqual(hostile.lingers === true || hostile.apart === true ? 1 : 0);
    // A short deadline may come before the last request.
    if (hostile.waits === true) expect(fetches).toBeLessThanOrEqual(most);
    else expect(fetches).toBe(most);
    expect(ms).toBeLessThan(hostile.waits === true ? deadline + 5000 : deadline);
    expect(ms).toBeGreaterThan(hostile.waits === true ? deadline - 20 : 0);
  });

  it.each(CASES)("$what: nobody else waits for it (I6, I12)", (hostile) => {
    const { ms, neighbours, neighbourMs } = outcomeOf(hostile);
    expect(neighbours).toEqual(["good", "good"]);
    expect(neighbourMs).toBeLessThan(hostile.waits ? ms : 3000);
  });

  it.each(CASES.filter((hostile) => hostile.apart))(
    "$what: it costs little memory, and holds nothing up (I4)",
    (hostile) => {
      const { mb, stallMs } = outcomeOf(hostile);
      expect(mb).toBeLessThan(64);
      expect(stallMs).toBeLessThan(2500);
    },
  );
});

it("brings no cookie, no password and no referrer anywhere, and says what it wants and who it is (I4)", () => {
  const names = CASES.flatMap((hostile) => outcomeOf(hostile).requests).map(namesOf);
  expect(names.length).toBeGreaterThan(CASES.length);
  for (const header of names) {
    expect(header).toEqual(expect.arrayContaining(["accept: application/json", "user-agent: scitokens-typescript"]));
    expect(header.filter((line) => /^(cookie|authorization|proxy-authorization|referer|origin):/.test(line))).toEqual(
      [],
    );
  }
});

const namesOf = (lines: readonly string[]): readonly string[] => lines.map((line) => line.toLowerCase());
