// Many who wait for one signal. The base is not exported: it is asked itself.
import { expect, it } from "vitest";
import { onAbort } from "../../packages/client/src/base/on-abort.js";

it("calls each who still waits, once; the same function may wait twice", () => {
  const controller = new AbortController();
  let calls = 0;
  const count = (): void => void (calls += 1);
  const [stop] = [onAbort(controller.signal, count), onAbort(controller.signal, count)];
  onAbort(controller.signal, () => void (calls += 10));
  stop();
  controller.abort();
  controller.abort();
  expect(calls).toBe(11);
});
