// A misspelt option stops the program at start, with a sentence that names it and the likely intention.

/** @throws {TypeError} when `options` is not an object, or holds a name that is not in `known`. */
export function checkOptionNames(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: expected an object of options`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw new TypeError(`${where}: unknown option '${name}'${suggest(name, known)}`);
  }
}

/**
 * Options are copied, and a copy has only an object's own members: of a method or getter of a class, which a check may be,
 * nobody would hear again.
 * @throws {TypeError}
 */
export function refuseInherited(where: string, options: object, known: readonly string[]): void {
  for (const name of known) {
    if (!(name in options) || Object.prototype.propertyIsEnumerable.call(options, name)) continue;
    throw new TypeError(`${where}: ${name}: expected in the object itself, not as a method or getter of its class`);
  }
}

/** The likely intention behind an unknown name, or all that are known; to be put behind a sentence. */
export function suggest(name: string, known: readonly string[]): string {
  const lower = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = 3; // two slips of the keyboard are a misspelling, three another word
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best === undefined ? `; known are ${known.join(", ")}` : `; did you mean '${best}'?`;
}

/** Levenshtein's distance: how many letters to change, add or leave out. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
