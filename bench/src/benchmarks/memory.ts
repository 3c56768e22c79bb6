// Many cached tokens: what each takes of the memory, what finding it costs, and the pauses of those who collect the garbage.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Filled } from "../memory/fill.js";
import type { Algorithm } from "../tokens.js";
import type { Benchmark } from "./benchmark.js";

const SIZES: readonly (readonly [Algorithm, number])[] = [
  ["RS256", 1000],
  ["RS256", 100_000],
  ["ES256", 100_000],
  ["ES256", 1_000_000],
];

export const memory: Benchmark = {
  name: "memory",
  async run() {
    const filled = SIZES.map(([algorithm, size]) => fillApart(algorithm, size));
    return {
      tables: [
        {
          name: "memory",
          title: "Many cached tokens",
          columns: [
            "tokens",
            "signed with",
            "bytes a token",
            "seen: verify and test, µs",
            "longest pause while filling, ms",
            "while serving, ms",
            "longest call while filling, ms",
            "while serving, ms",
          ],
          rows: filled.map((one) => [
            one.tokens.toLocaleString("en"),
            one.algorithm,
            one.bytesPerToken,
            one.lookup,
            Math.max(one.fillPauses.young, one.fillPauses.whole),
            Math.max(one.servePauses.young, one.servePauses.whole),
            one.longestFill,
            one.longestServe,
          ]),
        },
      ],
      details: { memory: filled },
    };
  },
};

function fillApart(algorithm: Algorithm, size: number): Filled {
  console.error(`  ${size.toLocaleString("en")} tokens, ${algorithm}`);
  const file = fileURLToPath(new URL("../memory/fill.js", import.meta.url));
  // More heap than a million entries of today need, so that the pauses are not those of a heap that is nearly full.
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=8192", file, algorithm, String(size)],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${size} tokens: ended with ${String(status)}`);
  return JSON.parse(stdout) as Filled; // written by memory/fill.ts
}
