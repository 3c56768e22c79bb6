// A process under load while its issuer flaps, two minutes long: every answer right, and no memory kept. Rules I5 to I9, C2, H3.
// SCITOKENS_FLAP_SECONDS says for how long.
import { expect, it } from "vitest";
import { reportLong } from "../../support/long-report.js";
import { flap } from "./flapping.js";
import type { Phase } from "./flapping.js";
import { heapsOf, judgeFlapping } from "./flapping-judge.js";

const SECONDS = Number(process.env["SCITOKENS_FLAP_SECONDS"] ?? "120");
/** Seven in a row are longer than keys may be used. */
const DOWN: readonly Phase[] = Array.from({ length: 7 }, () => "down");
const PHASES: readonly Phase[] = [
  ...(["up", "slow", "rotate", "down", "up", "500", "replace", "hang", "garbage", "up", "no keys", "rotate"] as const),
  ...(["truncated", "rotate", "other issuer", "flicker", "replace"] as const),
  ...DOWN,
  ...(["up", "replace", "slow", "flicker", "rotate", "up"] as const),
];

it(`answers every request, each as its keys say, ${SECONDS} s long, and holds no memory (I5 to I9, C2, H3)`, async () => {
  const seed = Math.floor(Math.random() * 1e6);
  const flapped = await flap({ phases: PHASES, phase: (SECONDS * 1000) / PHASES.length, seed });
  const { wrong, figures } = judgeFlapping(flapped);
  reportLong({ name: "an Express server whose issuer flaps", figures: { ...figures, wrong: wrong.length } });
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  const [before, after] = heapsOf(flapped.measured);
  expect(after - before).toBeLessThan(2);
  expect(flapped.measured.at(-1)?.resources).toBeLessThanOrEqual(5);
});
