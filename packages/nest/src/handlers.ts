// The handlers of an application's classes, and what stands at them.
import { ownMark } from "./mark.js";
import type { Mark } from "./mark.js";

export interface Handler {
  readonly name: string;
  readonly method: object;
  /** Where it is declared: the class's own prototype, or one above. */
  readonly prototype: object;
  /** What counts for it: its own mark, or the nearest of its class. */
  readonly mark: Mark | undefined;
}

/** The nearest method of each name, handler or not; what is no class has none. */
export function handlersOf(type: unknown): readonly Handler[] {
  if (typeof type !== "function") return [];
  const classMark = chain(type)
    .map(ownMark)
    .find((mark) => mark !== undefined);
  const handlers = new Map<string, Handler>();
  for (const prototype of chain(type.prototype as object | undefined)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value !== "function" || name === "constructor" || handlers.has(name)) continue;
      const method = value as object;
      handlers.set(name, { name, method, prototype, mark: ownMark(method) ?? classMark });
    }
  }
  return [...handlers.values()];
}

/** An object and those it inherits from. */
function chain(from: object | undefined | null): readonly object[] {
  if (from === undefined || from === null || from === Object.prototype || from === Function.prototype) return [];
  return [from, ...chain(Object.getPrototypeOf(from) as object | null)];
}
