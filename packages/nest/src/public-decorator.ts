// @Public: opens what the guard would refuse.
import { createMarkDecorator } from "./mark.js";
import type { MarkDecorator } from "./mark.js";

/**
 * Opens a handler, or all handlers of a class: no token is looked for. What stands nearest counts: a method with
 * `@Protect` in a class with `@Public` is protected, and one with `@Public` in a class with `@Protect` is open.
 * @throws {TypeError} beside a `@Protect` at the same method or class, or at what is neither
 * @example @Public() @Get("health") health() { return "ok"; }
 */
export function Public(): MarkDecorator {
  return createMarkDecorator("Public", { kind: "public" });
}
