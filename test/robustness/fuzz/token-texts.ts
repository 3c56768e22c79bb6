// Texts that are nearly a token: a good one's text with bits turned, parts moved, other spellings of the same bytes.
import * as fc from "fast-check";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ADDED = [
  "=",
  "==",
  " ",
  "\n",
  "\r\n",
  "\t",
  "\0",
  ".",
  "..",
  "A",
  "AA",
  "+",
  "/",
  "\u00a0",
  "\u212a",
  "\ufeff",
  "%3D",
  "é",
];

type Mutation = (text: string) => string;

const segments = (text: string): string[] => text.split(".");

/** What does one thing to one segment, chosen by number. */
const inOneSegment =
  (which: number, change: Mutation): Mutation =>
  (text) =>
    segments(text)
      .map((segment, i, all) => (i === which % all.length ? change(segment) : segment))
      .join(".");

/** Another last letter whose unused bits differ: to a careless decoder the same bytes. */
const respell: (bits: number) => Mutation = (bits) => (segment) => {
  const unused = { 2: 0b1111, 3: 0b11 }[segment.length % 4] ?? 0;
  const last = ALPHABET.indexOf(segment.at(-1) ?? "A");
  return segment.slice(0, -1) + ALPHABET.charAt((last & ~unused) | (bits & unused));
};

const insert = fc.tuple(fc.nat(), fc.constantFrom(...ADDED)).map(
  ([at, added]): Mutation =>
    (text) =>
      splice(text, at, 0, added),
);
const remove = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 5 })).map(
  ([at, n]): Mutation =>
    (text) =>
      splice(text, at, n, ""),
);
const replace = fc.tuple(fc.nat(), fc.constantFrom(...ALPHABET.split(""), ...ADDED)).map(
  ([at, letter]): Mutation =>
    (text) =>
      splice(text, at, 1, letter),
);
const truncate = fc.nat().map(
  (at): Mutation =>
    (text) =>
      text.slice(0, at % text.length),
);
const around = fc.tuple(fc.constantFrom(...ADDED), fc.boolean()).map(
  ([added, before]): Mutation =>
    (text) =>
      before ? added + text : text + added,
);
const reorder = fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 1 }).map(
  (order): Mutation =>
    (text) =>
      order.map((i) => segments(text)[i] ?? "").join("."),
);
const secondSpelling = fc
  .tuple(fc.nat(2), fc.nat(15))
  .map(([which, bits]): Mutation => inOneSegment(which, respell(bits)));
const otherAlphabet = fc
  .nat(2)
  .map((which): Mutation => inOneSegment(which, (segment) => segment.replaceAll("-", "+").replaceAll("_", "/")));
const otherCase = fc.nat(2).map((which): Mutation => inOneSegment(which, (segment) => segment.toLowerCase()));
const repeated = fc.nat(2).map((which): Mutation => inOneSegment(which, (segment) => segment + segment));

function splice(text: string, at: number, removed: number, added: string): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + added + text.slice(place + removed);
}

/** One mutation or several, one after the other. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .array(
    fc.oneof(insert, remove, replace, truncate, around, reorder, secondSpelling, otherAlphabet, otherCase, repeated),
    { minLength: 1, maxLength: 3 },
  )
  .map(
    (all): Mutation =>
      (text) =>
        all.reduce((changed, one) => one(changed), text),
  );
