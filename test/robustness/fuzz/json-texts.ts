// JSON texts, good and nearly good: names spelt in several ways, blanks anywhere, odd numbers, deep nests, damage.
import * as fc from "fast-check";

const NAMES = [
  "alg",
  "iss",
  "exp",
  "a",
  "b",
  "",
  "1",
  "__proto__",
  "constructor",
  "toJSON",
  "\u00e9",
  "a:b",
  "\ud83d\ude00",
];
const STRINGS = [
  "",
  "x",
  "a\\nb",
  "\\u0000",
  "\\ud800",
  "\\udc00\\ud800",
  "\u2028",
  '\\"',
  "\\\\",
  '{\\"a\\":1}',
  ":",
  "\\/",
];
const BAD_STRINGS = ["\n", "\u0000", "\\x41", "\\u12", "\\u00g0", "\\", "\\'", "\t"];
const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1",
  "1e400",
  "-1E+400",
  "1e-400",
  "0.1",
  "9007199254740993",
  "1.5e3",
  "123456789012345678901234567890",
];
const BAD_NUMBERS = ["01", "1.", ".5", "+1", "-", "1e", "0x1", "NaN", "Infinity", "1_0", "--1", "\u0661"];
const BAD_WORDS = ["True", "nul", "undefined", "'a'", "", "{a:1}", "/**/1", "1,", "[1,]", '{"a":1,}', "]", "}"];
const DAMAGE = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  " ",
  "\u00a0",
  "\ufeff",
  "\u0000",
  '"a":1,',
  "0",
  "e",
  "\u2028",
];

const blank = fc.oneof(
  { weight: 5, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom(" ", "\t", "\n", "\r", " \n ") },
);

/** A name as JSON may spell it: each bit of `how` says whether a character is escaped, or in which case its digits are. */
const name = fc.tuple(fc.constantFrom(...NAMES), fc.nat(0xffff)).map(
  ([text, how]) =>
    `"${Array.from(text)
      .map((character, i) => spelt(character, how >> (2 * (i % 8))))
      .join("")}"`,
);

function spelt(character: string, how: number): string {
  if ((how & 1) === 0) return character;
  const hex = (unit: number): string => unit.toString(16).padStart(4, "0");
  const units = Array.from({ length: character.length }, (_, i) => hex(character.charCodeAt(i)));
  return units.map((unit) => `\\u${(how & 2) === 0 ? unit : unit.toUpperCase()}`).join("");
}

const good = (...texts: readonly string[]): fc.WeightedArbitrary<string> => ({
  weight: 20,
  arbitrary: fc.constantFrom(...texts),
});
const bad = (...texts: readonly string[]): fc.WeightedArbitrary<string> => ({
  weight: 1,
  arbitrary: fc.constantFrom(...texts),
});

const scalar = fc.oneof(
  good(...STRINGS.map((text) => `"${text}"`)),
  bad(...BAD_STRINGS.map((text) => `"${text}"`)),
  good(...NUMBERS),
  bad(...BAD_NUMBERS),
  good("true", "false", "null"),
  bad(...BAD_WORDS),
);

const nest = fc
  .integer({ min: 28, max: 36 })
  .chain((levels) =>
    fc.constantFrom(
      "[".repeat(levels) + "]".repeat(levels),
      '{"a":'.repeat(levels) + "1" + "}".repeat(levels),
      '[{"a":'.repeat(levels >> 1) + '"[[{"' + "}]".repeat(levels >> 1),
    ),
  );

const { object } = fc.letrec<{ value: string; object: string; list: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: "small" }, scalar, tie("object"), tie("list"), {
    weight: 1,
    arbitrary: nest,
  }),
  object: fc
    .array(fc.tuple(blank, name, blank, blank, tie("value"), blank), { maxLength: 4 })
    .map((members) => `{${members.map(([a, n, b, c, value, d]) => `${a}${n}${b}:${c}${value}${d}`).join(",")}}`),
  list: fc
    .array(fc.tuple(blank, tie("value"), blank), { maxLength: 3 })
    .map((items) => `[${items.map((item) => item.join("")).join(",")}]`),
}));

const damaged = fc
  .tuple(object, fc.nat(), fc.nat(3), fc.constantFrom("", ...DAMAGE))
  .map(([text, at, removed, inserted]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + inserted + text.slice(place + removed);
  });

/** Mostly objects; some with a fault, some that are no object at all. */
export const jsonText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(blank, object, blank).map((parts) => parts.join("")) },
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: scalar },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
);
