// Options are checked once, where a thing is made; a wrong one is a TypeError that names it (style: ERRORS, OPTIONS).

/** A mistake of the caller, told in one sentence: the development issuer answers it with 400, not 500. */
export class OptionError extends TypeError {}

/** Refuses whatever is not an object or has a member that is not `known`. */
export function checkNames(value: unknown, known: readonly string[], kind: "option" | "member"): void {
  if (!isRecord(value)) throw new OptionError(`the ${kind}s must be an object`);
  for (const name of Object.keys(value)) oneOf(name, known, kind);
}

/** Narrows `value` to one of `known`, or names the likely intention. */
export function oneOf<T extends string>(value: unknown, known: readonly T[], kind: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  if (typeof value !== "string") throw new OptionError(`${kind} must be one of ${known.join(", ")}`);
  const meant = closest(value, known);
  const hint = meant === undefined ? `known: ${known.join(", ")}` : `did you mean '${meant}'?`;
  throw new OptionError(`unknown ${kind} '${value}'; ${hint}`);
}

/** Narrows `value` to a string that is not empty. */
export function nonEmptyString(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(`${name} must be a string that is not empty`);
}

/** Narrows `value` to a whole number between `least` and `most`. */
export function wholeNumber(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `not below ${least}` : `from ${least} to ${most}`;
  throw new OptionError(`${name} must be a whole number, ${range}`);
}

/** A plain JSON-like object: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function closest<T extends string>(name: string, known: readonly T[]): T | undefined {
  let best: T | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = startsAlike(name, candidate) ? 1 : editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

// 'algorithm' means 'alg', 'aud' means 'audience'.
function startsAlike(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
}

// Levenshtein's distance, one row at a time; two neighbours that changed places count once (Damerau).
function editDistance(a: string, b: string): number {
  let above: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = cell(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cell(above, j - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, cell(row, j) + 1, cell(next, j - 1) + 1));
    }
    above = row;
    row = next;
  }
  return cell(row, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
