// Places of a file system, and those near them: of few names, so that they often meet.
import * as fc from "fast-check";

/** The names that lead there. */
export type Place = readonly string[];

const name = fc.constantFrom("a", "b", "ab", "A", "é", "a b", "c%", "..a");
export const place: fc.Arbitrary<Place> = fc.array(name, { maxLength: 3 });
/** A slash at a path's end, or none. */
export const slash: fc.Arbitrary<string> = fc.constantFrom("", "/");

/** Itself, what is above, below and beside it, and what begins alike. */
export function near(focus: Place): fc.Arbitrary<Place> {
  const last = focus.at(-1) ?? "a";
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(focus) },
    { weight: 3, arbitrary: fc.nat(focus.length).map((depth) => focus.slice(0, depth)) },
    { weight: 1, arbitrary: fc.constantFrom("a", `${last}b`).map((beside) => [...focus.slice(0, -1), beside]) },
    { weight: 2, arbitrary: name.map((below) => [...focus, below]) },
    { weight: 1, arbitrary: place },
  );
}

/** Its decoded path, in an area. */
export function pathOf(area: string, at: Place, end = ""): string {
  if (at.length === 0) return area === "" ? "/" : area + end;
  return `${area}/${at.join("/")}${end}`;
}

/** Its path as a token has it. */
export const scopePath = (at: Place, end: string): string =>
  `/${at.map(encodeURIComponent).join("/")}${at.length === 0 ? "" : end}`;
