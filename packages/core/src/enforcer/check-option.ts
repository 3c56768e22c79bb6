// The small checks of which every option is made. What is wrong is a TypeError at start that names the option. An option
// that is left out has its default; whatever else stands there, null for one, is a mistake.
import type { KeyStore } from "../issuers/key-store.js";

export function numberOr<Fallback extends number | undefined>(
  option: string,
  value: unknown,
  fallback: Fallback,
  [min, max]: readonly [number, number],
): number | Fallback {
  if (value === undefined) return fallback;
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

/** A list of known names; an empty one would mean "nothing". */
export function namesOr<T extends string>(
  option: string,
  value: unknown,
  fallback: readonly T[],
  known: readonly T[],
): readonly T[] {
  if (value === undefined) return fallback;
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(`${option}: expected a list of ${known.join(", ")}`);
  }
  for (const name of value as unknown[]) {
    if (!known.includes(name as T)) {
      const said = typeof name === "string" ? name : typeof name; // not every value can be written as a text
      throw new TypeError(`${option}: unknown '${said}'; known are ${known.join(", ")}`);
    }
  }
  return Object.freeze([...(value as T[])]);
}

/** One store of keys or several; by default none. */
export function storesOr(option: string, value: KeyStore | readonly KeyStore[] | undefined): readonly KeyStore[] {
  if (value === undefined) return [];
  const stores: readonly unknown[] = Array.isArray(value) ? [...(value as unknown[])] : [value]; // no holes
  if (stores.length === 0) throw new TypeError(`${option}: expected at least one store`);
  if (!stores.every(isStore)) {
    throw new TypeError(
      `${option}: expected a store: an object with get(key), and with set(key, value) to be written to`,
    );
  }
  return Object.freeze(stores);
}

function isStore(value: unknown): value is KeyStore {
  if (typeof value !== "object" || value === null) return false;
  const { get, set } = value as Partial<KeyStore>;
  return typeof get === "function" && (set === undefined || typeof set === "function");
}
