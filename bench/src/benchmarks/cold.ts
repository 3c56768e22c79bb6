// A token not seen before, one at a time: every library beside the signature alone.
import { awsJwtVerify, fastJwt, honoJwk, honoJwt, joseJwt, jsonWebToken } from "../contenders/others.js";
import { ours, oursForgetting } from "../contenders/ours.js";
import { raw } from "../contenders/raw.js";
import type { Benchmark } from "./benchmark.js";
import { runSideBySide } from "./side-by-side.js";

export const cold: Benchmark = {
  name: "cold",
  run: () =>
    runSideBySide({
      name: "cold",
      title: "A token not seen before",
      tokens: 2000,
      rounds: {
        RS256: { rounds: 700, warmUp: 70, batch: 50 },
        ES256: { rounds: 400, warmUp: 40, batch: 50 },
      },
      contenders: async (scene) => [
        raw(scene),
        ours(scene),
        oursForgetting(scene),
        fastJwt(scene),
        jsonWebToken(scene),
        awsJwtVerify(scene),
        await joseJwt(scene),
        await honoJwt(scene),
        honoJwk(scene),
      ],
    }),
};
