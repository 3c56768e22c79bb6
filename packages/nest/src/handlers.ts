// The handlers of an application's classes, and what stands at them.
import type { ModulesContainer } from "@nestjs/core";
import { ownMark } from "./mark.js";
import type { Mark } from "./mark.js";

export interface Handler {
  readonly name: string;
  readonly method: object;
  /** What counts for it: its own mark, or the nearest of its class. */
  readonly mark: Mark | undefined;
  readonly ownMark: Mark | undefined;
}

/** The classes of controllers and providers, those that factories made included. */
export function typesOf(modules: ModulesContainer): readonly Function[] {
  const types = [...modules.values()].flatMap(({ controllers, providers }) =>
    [...controllers.values(), ...providers.values()].flatMap(({ metatype, instance }) => [
      metatype as unknown,
      constructorOf(instance),
    ]),
  );
  return [...new Set(types)].filter((type) => typeof type === "function");
}

function constructorOf(instance: unknown): unknown {
  if (typeof instance !== "object" || instance === null) return undefined;
  const prototype = Object.getPrototypeOf(instance) as object | null;
  return prototype === null ? undefined : Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
}

/** The nearest method of each name, handler or not; what is no class has none. */
export function handlersOf(type: Function): readonly Handler[] {
  const classMark = chain(type)
    .map(ownMark)
    .find((mark) => mark !== undefined);
  const handlers = new Map<string, Handler>();
  for (const prototype of chain(type.prototype as object | undefined)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value !== "function" || name === "constructor" || handlers.has(name)) continue;
      const method = value as object;
      const own = ownMark(method);
      handlers.set(name, { name, method, mark: own ?? classMark, ownMark: own });
    }
  }
  return [...handlers.values()];
}

/** An object and those it inherits from. */
export function chain(from: object | undefined | null): readonly object[] {
  if (from === undefined || from === null || from === Object.prototype || from === Function.prototype) return [];
  return [from, ...chain(Object.getPrototypeOf(from) as object | null)];
}
