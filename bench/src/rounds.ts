// The measurement: one process, the lanes in an order of chance, round after round, the median of each.
import { setImmediate } from "node:timers/promises";
import type { Contender } from "./contender.js";

export interface Rounds {
  readonly rounds: number;
  /** Rounds before that, which are not counted. */
  readonly warmUp: number;
  /** Calls of a lane in a round. */
  readonly batch: number;
}

/** What takes part in the rounds. */
export interface Lane {
  readonly name: string;
  /** Not timed: prepares what is timed in a round. */
  prepare(round: number): () => void | Promise<void>;
}

export interface Measured {
  readonly name: string;
  /** Microseconds a call, round by round. */
  readonly times: readonly number[];
}

/** A contender on its way through its tokens, again and again from the first to the last. */
export function laneOf(
  contender: Contender,
  tokens: readonly string[],
  { batch }: Rounds,
  name: string = contender.name,
): Lane {
  return { name, prepare: (round) => contender.prepare(tokensOf(round, tokens, batch)) };
}

export async function measure(lanes: readonly Lane[], rounds: Rounds): Promise<readonly Measured[]> {
  const times = new Map(lanes.map((lane) => [lane, [] as number[]]));
  await interleave(lanes, rounds, async (lane, round) => {
    const timed = lane.prepare(round);
    await setImmediate(); // what the one before left to other threads is over
    const took = await time(timed);
    if (round >= 0) times.get(lane)?.push(took / rounds.batch);
  });
  return lanes.map((lane) => ({ name: lane.name, times: times.get(lane) ?? [] }));
}

/** Each lane once a round, always in another order, so that nobody always runs after the same neighbour's garbage. */
export async function interleave<T>(
  lanes: readonly T[],
  { rounds, warmUp }: Rounds,
  run: (lane: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = -warmUp; round < rounds; round++) {
    for (const lane of shuffled(lanes)) await run(lane, round);
  }
}

/** The tokens of a round: where the one before ended. */
export function tokensOf(round: number, tokens: readonly string[], batch: number): readonly string[] {
  return Array.from({ length: batch }, (_, i) => at(tokens, round * batch + i));
}

async function time(run: () => void | Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  const running = run();
  if (running !== undefined) await running;
  return Number(process.hrtime.bigint() - start) / 1000;
}

function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** The element at an index that goes round. */
function at<T>(list: readonly T[], index: number): T {
  const found = list[((index % list.length) + list.length) % list.length];
  if (found === undefined) throw new RangeError("expected a list that is not empty");
  return found;
}
