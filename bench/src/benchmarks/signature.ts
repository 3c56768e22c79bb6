// The ways to have a signature verified: what decided how the core does it (ADR 0002).
import { joseKey } from "../contenders/others.js";
import { joseCompactVerify, raw, rawInPool, rawWebCrypto } from "../contenders/raw.js";
import type { Benchmark } from "./benchmark.js";
import { runSideBySide } from "./side-by-side.js";

export const signature: Benchmark = {
  name: "signature",
  run: () =>
    runSideBySide({
      name: "signature",
      title: "The same signatures, one at a time, by each way that Node has",
      tokens: 500,
      rounds: {
        RS256: { rounds: 300, warmUp: 30, batch: 50 },
        ES256: { rounds: 200, warmUp: 20, batch: 50 },
      },
      contenders: async (scene) => [
        raw(scene),
        rawInPool(scene),
        await rawWebCrypto(scene),
        joseCompactVerify(await joseKey(scene)),
      ],
    }),
};
