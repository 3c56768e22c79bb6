// An enforcer that remembers tokens, beside one that verifies each anew: whatever happens, their verdicts are the same.
// Rules V1 to V3, I8, C2.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createWorld, history } from "./cache-world.js";
import { holds } from "./runs.js";

it("remembers verdicts and not what has become of them: time, keys, revocations, tokens that end alike (V1, V2, V3, I8, C2)", async () => {
  const seen = new Set<string>();
  await holds(
    fc.asyncProperty(fc.constantFrom(1, 2, 4, 10_000), history, async (tokenCache, commands) => {
      const world = createWorld(tokenCache);
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      for (const reason of world.verdicts.keys()) seen.add(reason);
    }),
    0.5,
  );
  for (const reason of ["good", "expired", "not_yet_valid", "signature", "unknown_key", "revoked", "malformed"]) {
    expect(seen).toContain(reason);
  }
});
