// Paths as people, programs and attackers write them, and one path in many encodings.
import * as fc from "fast-check";
import { lettersOf } from "./letters.js";

const PLAIN = [
  "a",
  "b",
  "ab",
  "abc",
  "A",
  "...",
  "..a",
  "a.",
  "~",
  "a b",
  "é",
  "\u{1f600}",
  "a:b",
  "@",
  "100%",
  "%41",
  "a%2Fb",
  "%zz",
];
const ENCODED = [
  "%61",
  "%41b",
  "%C3%A9",
  "%c3%a9",
  "e%CC%81",
  "%F0%9F%98%80",
  "%20",
  "%25",
  "%2541",
  "%7e",
  "%3F",
  "%23",
];
const ODD = [
  "..",
  ".",
  "",
  "%2e",
  "%2E%2e",
  ".%2e",
  "%252e%252e",
  "%25252e.",
  "%2F",
  "a%2fb",
  "%5C",
  "%252F",
  "%255c",
  "%00",
  "%2500",
  "%0a",
  "\\",
  "\0",
  "\n",
  "\u0085",
  "%C2%85",
  "%C0%AE",
  "%ff",
  "%ED%A0%80",
  "%zz",
  "%",
  "%a",
  "\ud800",
  "\udc00a",
  "?",
  "#",
  " ",
  "%u002e",
  `%${"25".repeat(6)}2e.`,
  `%${"25".repeat(7)}2e.`,
  `%${"25".repeat(8)}41`,
  `%${"25".repeat(9)}2e%2e`,
];

const segment = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 6, arbitrary: fc.constantFrom(...ENCODED) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: lettersOf("%25eEfF./\\ac0", 10) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);

/** Mostly absolute. */
export const anyPath: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("/", "/", "/", "/", "//", "/./", ""),
    fc.array(segment, { maxLength: 4 }),
    fc.constantFrom("", "", "/", "//", "/."),
  )
  .map(([start, segments, end]) => start + segments.join("/") + end);

/** A path that is good in every form: decoded, and under any encoding of it. Two names of which one begins the other are likely. */
export const goodPath: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("a", "b", "ab", "a b", "é", "\u{1f600}", "..a", "c%", "~x", "A"), { maxLength: 4 })
  .chain((names) => fc.constantFrom("", "/").map((end) => `/${names.join("/")}${names.length === 0 ? "" : end}`));

/** One of the encodings of a decoded path: any subset of its characters escaped, in digits of either case. */
export function encodingOf(path: string): fc.Arbitrary<string> {
  return fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }).map((choices) =>
    Array.from(path)
      .map((character, i) => (character === "/" ? "/" : encoded(character, choices[i % choices.length] ?? 0)))
      .join(""),
  );
}

function encoded(character: string, choice: number): string {
  if (choice < 2 && character !== "%") return character;
  const escapes = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return choice % 2 === 0 ? escapes : escapes.toUpperCase();
}
