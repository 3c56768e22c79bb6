// Headers as pairs, in the letter case in which they are to be sent. Names mean the same in any case (RFC 9110 5.1), and
// yet there are storage servers, older XRootD among them, that know `Authorization`, `Range` and `Depth` in this spelling
// only. Node's fetch keeps the case of pairs; a Headers object gives its names in lower case to whoever reads it, and
// another implementation's fetch does just that.

export type HeaderLines = readonly (readonly [name: string, value: string])[];

type Given = NonNullable<RequestInit["headers"]>;

/** Pairs and records keep their spelling; what comes out of a Headers object is spelt as usual: `Content-Type`. */
export function toLines(given: Given | undefined): HeaderLines {
  if (given === undefined) return [];
  if (isHeaders(given)) return [...given].map(([name, value]) => [spelling(name), value] as const);
  const pairs: Iterable<readonly [string, unknown]> = isIterable(given) ? given : Object.entries(given);
  return [...pairs].map(([name, value]) => [name, String(value)] as const);
}

export function hasLine(lines: HeaderLines, name: string): boolean {
  return lines.some(([other]) => other.toLowerCase() === name);
}

/** @param names in lower case */
export function withoutLines(lines: HeaderLines, names: readonly string[]): HeaderLines {
  return lines.filter(([name]) => !names.includes(name.toLowerCase()));
}

function spelling(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Of this or of another implementation. */
function isHeaders(given: Given): given is Headers {
  return "getSetCookie" in given && typeof given.getSetCookie === "function";
}

function isIterable(given: object): given is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in given;
}
