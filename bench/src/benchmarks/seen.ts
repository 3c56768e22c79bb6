// A token seen before, each time as a new string: what a cache costs, with and without the question after it.
import { checkWork } from "../check.js";
import { fastJwtCached } from "../contenders/others.js";
import { oursRemembering, oursWithTest } from "../contenders/ours.js";
import { raw } from "../contenders/raw.js";
import type { Table } from "../report/table.js";
import { laneOf, measure } from "../rounds.js";
import type { Measured } from "../rounds.js";
import { find, median, ratio } from "../statistics.js";
import { createScene } from "../tokens.js";
import { summaries } from "./benchmark.js";
import type { Benchmark } from "./benchmark.js";

const ROUNDS = { rounds: 800, warmUp: 100, batch: 250 };
const RAW = "node:crypto.verify";
const PEER = "fast-jwt, cache: true";

export const seen: Benchmark = {
  name: "seen",
  async run() {
    const many = await measureSeen(500);
    const one = await measureSeen(1);
    return {
      tables: [
        table("seen", "A token seen before: 500 tokens in turn", many),
        table("seen-one", "A token seen before: one token again and again", one),
      ],
      details: { seen: summaries(many), "seen-one": summaries(one) },
    };
  },
};

async function measureSeen(tokens: number): Promise<readonly Measured[]> {
  const scene = await createScene("RS256", tokens);
  const contenders = [raw(scene), oursWithTest(scene), oursRemembering(scene), fastJwtCached(scene)];
  for (const contender of contenders) await checkWork(contender, scene);
  for (const token of scene.good) {
    for (const contender of contenders) await contender.verify(token);
  }
  return measure(
    contenders.map((contender) => laneOf(contender, scene.good, ROUNDS)),
    ROUNDS,
  );
}

function table(name: string, title: string, measured: readonly Measured[]): Table {
  return {
    name,
    title,
    columns: ["", "µs", "× raw RS256", "× fast-jwt's cache"],
    rows: measured.map((one) => [
      one.name,
      median(one.times),
      ratio(one, find(measured, RAW)),
      ratio(one, find(measured, PEER)),
    ]),
  };
}
