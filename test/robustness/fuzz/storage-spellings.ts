// One path in many spellings, as a request target may carry it, and targets that carry what must not be there. Rule R2.
import * as fc from "fast-check";

/** What a target may hold as it is, beside letters and digits (RFC 3986 3.3). */
const AS_IT_IS = /[\w\-.~!$&'()*+,;=:@]/;
const escaped = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** A spelling of a decoded path: what needs it is escaped, and much that does not; slashes may be doubled. */
export function spellingOf(path: string): fc.Arbitrary<string> {
  return fc.array(fc.nat(11), { minLength: 1, maxLength: 16 }).map((choices) =>
    Array.from(path)
      .map((character, i) => spelt(character, choices[i % choices.length] ?? 0))
      .join("")
      .replace(/%[0-9a-f]{2}/g, (one, at: number) =>
        (choices[at % choices.length] ?? 0) % 2 === 0 ? one : one.toUpperCase(),
      ),
  );
}

function spelt(character: string, choice: number): string {
  if (character === "/") return choice === 9 ? "//" : choice === 10 ? "/./" : choice === 11 ? "/%2e/" : "/";
  return AS_IT_IS.test(character) && choice < 8 ? character : escaped(character);
}

const SLASHES = [
  "/",
  "/",
  "/",
  "//",
  "/./",
  "/%2E/",
  "%2f",
  "%2F",
  "%5c",
  "%252F",
  "/x/../",
  "/x/%2e%2E/",
  "/%00/",
  "\\",
] as const;

/** What looks like a path to whoever decodes it otherwise, or twice: the path itself, or nothing good. */
export function disguiseOf(path: string): fc.Arbitrary<string> {
  const slashes = fc.array(fc.constantFrom(...SLASHES), { minLength: 4, maxLength: 4 });
  return slashes.map((chosen) => {
    const [, ...segments] = path.split("/");
    return segments.map((segment, i) => (chosen[i] ?? "/") + encodeURIComponent(segment)).join("");
  });
}

const BAD_SEGMENTS =
  ".. .%2e %2E. %2e%2E %252e%252e %25252e. ..%2f a%2Fb %2f %252F a%5Cb %5c \\ %00 %2500 %0a %7f %C2%85 % %4 %zz %ff %C0%AE%C0%AE %ED%A0%80 é # \0"
    .split(" ")
    .concat("a b");

/** With a bad segment somewhere, or in a form that is no path. */
export function hostileTarget(target: string): fc.Arbitrary<string> {
  const within = fc.tuple(fc.constantFrom(...BAD_SEGMENTS), fc.nat(5)).map(([bad, where]) => {
    const segments = target.split("/");
    segments.splice(1 + (where % segments.length), 0, bad);
    return segments.join("/");
  });
  const form = fc.constantFrom("*", "", target.slice(1), `https://data.example.org${target}`);
  return fc.oneof({ weight: 9, arbitrary: within }, { weight: 1, arbitrary: form });
}
