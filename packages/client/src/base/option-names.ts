// A misspelt option is a TypeError at start, in a sentence that names it and the likely intention.

/** @throws {TypeError} when `options` is no object, undefined included, or has a name that is not in `known` */
export function checkOptionNames(where: string, options: object | undefined, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: expected an object of options`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = known.find((candidate) => isSlip(name.toLowerCase(), candidate.toLowerCase()));
    const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean '${meant}'?`;
    throw new TypeError(`${where}: unknown option '${name}'; ${hint}`);
  }
}

/** Whether the one word becomes the other when at most two letters are changed, added or left out. */
function isSlip(a: string, b: string, slips = 2): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restOfA, restOfB] = [a.slice(same), b.slice(same)];
  if (restOfA === "" || restOfB === "") return restOfA.length + restOfB.length <= slips;
  if (slips === 0) return false;
  return (
    isSlip(restOfA.slice(1), restOfB.slice(1), slips - 1) ||
    isSlip(restOfA.slice(1), restOfB, slips - 1) ||
    isSlip(restOfA, restOfB.slice(1), slips - 1)
  );
}
