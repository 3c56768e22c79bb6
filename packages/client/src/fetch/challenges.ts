// The challenges of a WWW-Authenticate header: several schemes, each with parameters. RFC 9110 11.2, 11.6.1.

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By names in lower case; of a name that stands twice, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MOST = 16_384; // characters

/** Reads as many challenges as there are; at what is no challenge it stops. Lines of one header are joined by commas. */
export function parseChallenges(header: string): readonly Challenge[] {
  const text = createReader(header.slice(0, MOST));
  const challenges: Challenge[] = [];
  for (;;) {
    text.take(SEPARATORS);
    const scheme = text.take(TOKEN);
    if (scheme === undefined) return challenges;
    const parameters = text.take(BLANKS) === undefined ? new Map<string, string>() : readParameters(text);
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
}

const SEPARATORS = /[ \t,]+/y;
const BLANKS = /[ \t]+/y;
const TOKEN = /[!#$%&'*+\-.^_`|~\w]+/y;
/** Credentials without names, as Negotiate has them; a parameter's `name=` is none. */
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const NAME = /[!#$%&'*+\-.^_`|~\w]+[ \t]*=[ \t]*/y;
const QUOTED = /"(?:[^"\\]|\\.)*"/sy;

function readParameters(text: Reader): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (text.take(TOKEN68) !== undefined) return parameters;
  // After a comma comes another parameter, `name=`, or another challenge.
  for (let name = text.take(NAME); name !== undefined; name = text.take(NAME)) {
    const value = text.take(QUOTED)?.slice(1, -1).replace(/\\(.)/gs, "$1") ?? text.take(TOKEN);
    if (value === undefined) break;
    const key = name.replace(/[ \t]*=[ \t]*$/, "").toLowerCase();
    if (!parameters.has(key)) parameters.set(key, value);
    text.take(SEPARATORS);
  }
  return parameters;
}

interface Reader {
  /** What the pattern finds right here; then the reader stands behind it. */
  take(pattern: RegExp): string | undefined;
}

function createReader(text: string): Reader {
  let at = 0;
  return {
    take(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      at += found?.length ?? 0;
      return found;
    },
  };
}
