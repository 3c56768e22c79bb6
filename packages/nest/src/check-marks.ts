// Every @Protect of an application, looked at once when it starts: a wrong one ends the start, and not a request. Rule R4.
import type { ModulesContainer } from "@nestjs/core";
import { handlersOf, typesOf } from "./handlers.js";
import type { Handler } from "./handlers.js";
import type { Settings } from "./settings.js";

/** @throws {TypeError} that names class and method */
export function checkMarks(modules: ModulesContainer, settings: Settings): void {
  for (const type of typesOf(modules)) {
    for (const handler of handlersOf(type)) check(`${type.name}.${handler.name}`, handler, settings);
  }
}

function check(where: string, { mark }: Handler, settings: Settings): void {
  if (mark === undefined) return; // of any method of any class: most are no handlers
  try {
    settings.protectionOf(mark);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TypeError(`@Protect for ${where}: ${cause.message}`, { cause });
  }
}
