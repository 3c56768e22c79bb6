// A token's header and claims as text: one line a member, and no way for a value to look like another line.
import type { Io } from "../io.js";
import { paint } from "../output/print.js";
import { printable, printableJson } from "../output/printable.js";
import { layOutPairs } from "../output/table.js";
import { duration, moment } from "../output/times.js";
import { numberClaim } from "../trust/unverified.js";
import type { UnverifiedWords } from "../trust/unverified.js";

/** Claims that are seconds since the epoch. RFC 7519 4.1, OpenID Connect Core 2. */
const TIMES = ["exp", "nbf", "iat", "auth_time"];
/** No claim is longer than a token. */
const WHOLE = 16_384;

export interface Described {
  readonly words: UnverifiedWords;
  readonly source: string;
}

/** @param dates whether times are shown as dates too */
export function describeToken(io: Io, { words, source }: Described, dates: boolean): string {
  const { header, claims } = words;
  const now = io.clock();
  const show = (name: string, value: unknown): string => {
    const text = printable(printableJson(value, 0), WHOLE);
    return dates && TIMES.includes(name) && typeof value === "number"
      ? `${text}  (${moment(value, { now, timeZone: io.timeZone })})`
      : text;
  };
  const list = (members: object): string =>
    layOutPairs(
      Object.entries(members).map(([name, value]) => [printable(name), show(name, value)]),
      "  ",
    );
  const title = (text: string): string => `${paint(io, "bold", text)}\n`;
  return [
    `${title(`Header (token from ${source})`)}${list(header)}`,
    `${title("Claims")}${list(claims)}`,
    `${paint(io, "bold", "Time left")}  ${timeLeft(numberClaim(words, "exp"), now)}\n`,
  ].join("\n");
}

function timeLeft(exp: number | undefined, now: number): string {
  if (exp === undefined) return "unknown: the token has no exp";
  return exp <= now ? `none: expired ${duration(Math.floor(now - exp))} ago` : duration(Math.floor(exp - now));
}
