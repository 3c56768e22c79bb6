// The small checks of which every option is made. What is wrong is a TypeError at start that names the option.

export function numberIn(option: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new TypeError(`${option}: expected a number from ${min} to ${max}`);
}

export function booleanOr(option: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new TypeError(`${option}: expected true or false`);
}

export function functionOr<T>(option: string, value: T | undefined): T | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new TypeError(`${option}: expected a function`);
}

/** A list of known names, without which the option would mean "nothing". */
export function namesIn<T extends string>(option: string, value: unknown, known: readonly T[]): readonly T[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(`${option}: expected a list of ${known.join(", ")}`);
  }
  for (const name of value as unknown[]) {
    if (!known.includes(name as T)) {
      throw new TypeError(`${option}: unknown '${String(name)}'; known are ${known.join(", ")}`);
    }
  }
  return Object.freeze([...(value as T[])]);
}
