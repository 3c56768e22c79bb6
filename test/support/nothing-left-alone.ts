// A promise whose rejection nobody hears, or an error that nobody catches, ends a process of Node's: a test that causes one fails.
import { afterEach, beforeEach } from "vitest";
import { settled } from "./scripted-issuer.js";

/** Watches each test of the file that calls it. */
export function nothingIsLeftAlone(): void {
  let left: unknown[] = [];
  const hear = (reason: unknown): void => void left.push(reason);

  beforeEach(() => {
    left = [];
    process.on("unhandledRejection", hear);
    process.on("uncaughtException", hear);
  });

  afterEach(async () => {
    await settled();
    process.off("unhandledRejection", hear);
    process.off("uncaughtException", hear);
    if (left.length > 0) throw new Error(`left alone: ${left.length}`, { cause: left[0] });
  });
}
