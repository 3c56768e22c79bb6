// The values of options, checked once, where a thing is made. Their names: option-names.ts.

/** @throws {TypeError} unless `value` is a string that is not empty. */
export function checkText(where: string, name: string, value: unknown): asserts value is string {
  if (typeof value !== "string" || value === "") throw new TypeError(`${where}: ${name} must be a string, not empty`);
}

/** @throws {TypeError} unless `value` is undefined or one of `known`. */
export function checkChoice(
  where: string,
  name: string,
  choice: { value: unknown; known: readonly (string | boolean)[] },
): void {
  if (choice.value === undefined || choice.known.some((known) => known === choice.value)) return;
  throw new TypeError(
    `${where}: ${name} must be one of ${choice.known.map((known) => (typeof known === "string" ? `'${known}'` : String(known))).join(", ")}`,
  );
}

/** @throws {TypeError} unless `value` is undefined or a number of seconds above 0, such as a timer can wait. */
export function checkSeconds(where: string, name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0 && value <= 2_000_000)) return;
  throw new TypeError(`${where}: ${name} must be a number of seconds, above 0 and at most 2000000`);
}

/** @throws {TypeError} unless `value` is undefined or a user's number. */
export function checkUid(where: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 0)) return;
  throw new TypeError(`${where}: uid: expected a user's number`);
}

/** @throws {TypeError} unless `value` is undefined or a function. */
export function checkFunction(where: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`${where}: ${name} must be a function`);
}
