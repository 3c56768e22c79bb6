// The issuer's clock against this machine's: tokens of an issuer that is ahead are not valid yet. RFC 9110 6.6.1, rules C2, C3.
import type { Answer } from "./ask.js";
import type { Finding } from "./finding.js";

/** What servers let iat and nbf lie in the future, by default (C3). */
const TOLERANCE = 60;
/** Below this, the network and the whole seconds of the header say more than the clocks do. */
const NOISE = 5;

export function judgeClock(answers: readonly Answer[]): readonly Finding[] {
  const differences = answers.map(difference).filter((seconds) => seconds !== undefined);
  const [first] = differences;
  const subject = "clock";
  if (first === undefined) return [{ subject, level: "ok", message: "no answer says what time it is there" }];
  // The smallest: a cache in between can make an answer old, and none can make it young.
  const ahead = differences.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a), first);
  const size = Math.round(Math.abs(ahead));
  if (size <= NOISE) return [{ subject, level: "ok", message: "the issuer's clock and this machine's agree" }];
  const message = `the issuer's clock is ${size} s ${ahead > 0 ? "ahead of" : "behind"} this machine's`;
  const advice = "compare both with a third, and let NTP or chrony keep the wrong one right";
  if (size <= TOLERANCE) return [{ subject, level: "warn", message, advice }];
  const effect =
    ahead > 0 ? "fresh tokens are refused as not valid yet" : "its tokens live shorter than they say, or not at all";
  return [{ subject, level: ahead > 0 ? "fail" : "warn", message: `${message}: ${effect}`, advice }];
}

/** Seconds that the other clock is ahead; the header is from somewhere within the second, and within the round trip. */
function difference({ headers, at }: Answer): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (!Number.isFinite(date)) return undefined;
  const age = Number(headers.get("age") ?? 0);
  return date / 1000 + (Number.isFinite(age) && age > 0 ? age : 0) - at;
}
