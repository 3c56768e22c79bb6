// A process under load while its issuer flaps, for three seconds; two minutes in the long form. Rules I5 to I9, C2, H3.
import { expect, it } from "vitest";
import { flap } from "./flapping.js";
import { judgeFlapping } from "./flapping-judge.js";

it("answers every request, each as its keys say, while the issuer flaps (I5, I6, I7, I8, I9, C2, H3)", async () => {
  const phases = ["up", "rotate", "down", "up", "replace", "hang", "garbage", "up", "no keys", "rotate"] as const;
  const flapped = await flap({ phases, phase: 300, seed: 20_261_129 });
  const { wrong } = judgeFlapping(flapped);
  expect(wrong).toEqual([]);
  expect(flapped.asked.length).toBeGreaterThan(100);
});
