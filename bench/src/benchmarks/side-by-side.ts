// RS256 and ES256 in two pairs of columns: microseconds, and beside the raw verification of the same rounds.
import { checkWork } from "../check.js";
import type { Contender } from "../contender.js";
import { laneOf, measure } from "../rounds.js";
import type { Measured, Rounds } from "../rounds.js";
import { find, median, ratio } from "../statistics.js";
import { createScene } from "../tokens.js";
import type { Algorithm, Scene } from "../tokens.js";
import { summaries } from "./benchmark.js";
import type { Outcome } from "./benchmark.js";

export interface SideBySide {
  readonly name: string;
  readonly title: string;
  /** Distinct tokens. */
  readonly tokens: number;
  readonly rounds: Readonly<Record<Algorithm, Rounds>>;
  /** The first one is what the others are compared with. */
  readonly contenders: (scene: Scene) => Promise<readonly Contender[]>;
}

export async function runSideBySide({ name, title, tokens, rounds, contenders }: SideBySide): Promise<Outcome> {
  const results = new Map<Algorithm, readonly Measured[]>();
  for (const algorithm of ["RS256", "ES256"] as const) {
    const scene = await createScene(algorithm, tokens);
    const taking = await contenders(scene);
    for (const contender of taking) await checkWork(contender, scene);
    const lanes = taking.map((contender) => laneOf(contender, scene.good, rounds[algorithm]));
    results.set(algorithm, await measure(lanes, rounds[algorithm]));
  }
  const all = [...results.values()];
  const names = all[0]?.map((measured) => measured.name) ?? [];
  return {
    tables: [
      {
        name,
        title,
        columns: ["", ...[...results.keys()].flatMap((algorithm) => [`${algorithm}, µs`, "× raw"])],
        rows: names.map((row) => [row, ...all.flatMap((measured) => figures(measured, row))]),
      },
    ],
    details: Object.fromEntries([...results].map(([algorithm, measured]) => [algorithm, summaries(measured)])),
  };
}

function figures(measured: readonly Measured[], name: string): readonly number[] {
  const [raw = find(measured, name)] = measured;
  const one = find(measured, name);
  return [median(one.times), ratio(one, raw)];
}
