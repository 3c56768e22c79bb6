// The measurement: one process, the contenders in an order of chance, round after round, the median of each.
import { setImmediate } from "node:timers/promises";
import type { Contender } from "./contender.js";

export interface Rounds {
  readonly rounds: number;
  /** Rounds before that, which are not counted. */
  readonly warmUp: number;
  /** Tokens a contender verifies in a round. */
  readonly batch: number;
}

export interface Measured {
  readonly name: string;
  /** Microseconds a token, the median of all rounds. */
  readonly median: number;
  /** The middle half of the rounds, from and to. */
  readonly quartiles: readonly [number, number];
}

export async function measure(
  contenders: readonly Contender[],
  tokens: readonly string[],
  { rounds, warmUp, batch }: Rounds,
): Promise<readonly Measured[]> {
  const times = new Map(contenders.map((contender) => [contender, [] as number[]]));
  for (let round = -warmUp; round < rounds; round++) {
    const chosen = Array.from({ length: batch }, (_, i) => at(tokens, round * batch + i));
    for (const contender of shuffled(contenders)) {
      const timed = contender.prepare(chosen);
      await setImmediate(); // what the one before left to other threads is over
      const took = await time(timed);
      if (round >= 0) times.get(contender)?.push(took / batch);
    }
  }
  return contenders.map((contender) => summarise(contender.name, times.get(contender) ?? []));
}

async function time(run: () => void | Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  const running = run();
  if (running !== undefined) await running;
  return Number(process.hrtime.bigint() - start) / 1000;
}

/** In an order of chance, so that nobody always runs after the same neighbour's garbage. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function summarise(name: string, microseconds: readonly number[]): Measured {
  const sorted = microseconds.toSorted((a, b) => a - b);
  const quantile = (q: number): number => at(sorted, Math.floor(q * (sorted.length - 1)));
  return { name, median: quantile(0.5), quartiles: [quantile(0.25), quantile(0.75)] };
}

/** The element at an index that goes round. */
function at<T>(list: readonly T[], index: number): T {
  const found = list[((index % list.length) + list.length) % list.length];
  if (found === undefined) throw new RangeError("expected a list that is not empty");
  return found;
}
