// A token with many scopes, asked for a path below its last one.
import { createScene } from "../tokens.js";
import type { Benchmark } from "./benchmark.js";
import { runByCount } from "./by-count.js";

const BYTES = 65_536; // a thousand scopes are more than the 16 KiB that a token may have by default

/** Few, so that how far a hundred times 22 KB lie away in memory is not what is measured. */
const TOKENS = 10;

export const scopes: Benchmark = {
  name: "scopes",
  run: () =>
    runByCount({
      name: "scopes",
      title: "Tokens with many scopes",
      counted: "scopes",
      counts: [1, 10, 100, 1000],
      setting: async (count) => {
        const names = Array.from({ length: count }, (_, i) => `/data/${String(i).padStart(4, "0")}`);
        const scene = await createScene("RS256", TOKENS, names.map((path) => `read:${path}`).join(" "));
        return { scene, options: { maxTokenBytes: BYTES }, path: `${names.at(-1)}/run7/image.h5` };
      },
    }),
};
