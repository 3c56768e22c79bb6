// The same decision with more and more of something: scopes, issuers, keys. What one costs is the measure of the others.
import type { EnforcerOptions } from "@scitokens/core";
import { checkWork } from "../check.js";
import { oursForgetting, oursTestAlone, oursWithTest } from "../contenders/ours.js";
import { laneOf, measure } from "../rounds.js";
import type { Lane, Measured, Rounds } from "../rounds.js";
import { median, ratio } from "../statistics.js";
import type { Scene } from "../tokens.js";
import { summaries } from "./benchmark.js";
import type { Outcome } from "./benchmark.js";

export interface Setting {
  readonly scene: Scene;
  readonly options: Partial<EnforcerOptions>;
  /** What is asked for. */
  readonly path: string;
}

export interface ByCount {
  readonly name: string;
  readonly title: string;
  readonly counted: string;
  /** The first one is what the others are compared with. */
  readonly counts: readonly number[];
  readonly setting: (count: number) => Promise<Setting>;
}

const NEW: Rounds = { rounds: 200, warmUp: 20, batch: 50 };
const SEEN: Rounds = { rounds: 400, warmUp: 60, batch: 100 };

export async function runByCount({ name, title, counted, counts, setting }: ByCount): Promise<Outcome> {
  const lanes: Record<"new" | "seen" | "test", Lane[]> = { new: [], seen: [], test: [] };
  const characters: number[] = [];
  for (const count of counts) {
    const { scene, options, path } = await setting(count);
    const forgetting = oursForgetting(scene, options);
    const withTest = oursWithTest(scene, path, options);
    for (const contender of [forgetting, withTest]) await checkWork(contender, scene);
    for (const token of scene.good) await withTest.verify(token);
    lanes.new.push(laneOf(forgetting, scene.good, NEW, String(count)));
    lanes.seen.push(laneOf(withTest, scene.good, SEEN, String(count)));
    lanes.test.push(await oursTestAlone(scene, path, options, SEEN));
    characters.push(scene.good[0]?.length ?? 0);
  }
  const fresh = await measure(lanes.new, NEW);
  const rest = await measure([...lanes.seen, ...lanes.test], SEEN);
  const [seen, test] = [rest.slice(0, counts.length), rest.slice(counts.length)];
  const columns = ["new, µs", "× one", "seen: verify and test, µs", "× one", "test alone, µs", "× one"];
  return {
    tables: [
      {
        name,
        title,
        columns: [counted, "characters of a token", ...columns],
        rows: counts.map((count, i) => [
          grouped(count),
          grouped(characters[i] ?? 0),
          ...[fresh, seen, test].flatMap((measured) => figures(measured, i)),
        ]),
      },
    ],
    details: { new: summaries(fresh), seen: summaries(seen), test: summaries(test) },
  };
}

function figures(measured: readonly Measured[], row: number): readonly number[] {
  const [first, one] = [measured[0], measured[row]];
  if (first === undefined || one === undefined) throw new Error("expected figures for every count");
  return [median(one.times), ratio(one, first)];
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
