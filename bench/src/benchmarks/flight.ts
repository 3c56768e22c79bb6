// Distinct new tokens, several in flight: throughput, and what is left of the event loop for everybody else.
import { setImmediate } from "node:timers/promises";
import { checkWork } from "../check.js";
import type { Contender } from "../contender.js";
import { fastJwt, joseJwt } from "../contenders/others.js";
import { ours } from "../contenders/ours.js";
import { fly } from "../in-flight.js";
import type { Flight } from "../in-flight.js";
import type { Table } from "../report/table.js";
import { interleave, tokensOf } from "../rounds.js";
import type { Rounds } from "../rounds.js";
import { median, quantile } from "../statistics.js";
import { createScene } from "../tokens.js";
import type { Algorithm, Scene } from "../tokens.js";
import type { Benchmark } from "./benchmark.js";
import { verifyOnce } from "./flight-once.js";

const IN_FLIGHT = [1, 16, 64];
const TOKENS = 2000;
const ROUNDS: Readonly<Record<Algorithm, Rounds>> = {
  RS256: { rounds: 80, warmUp: 8, batch: 512 },
  ES256: { rounds: 50, warmUp: 5, batch: 512 },
};

type Cost = Exclude<keyof Flight, "delays">;

interface FlightLane {
  readonly contender: Contender;
  readonly slots: number;
  readonly flights: Flight[];
}

export const flight: Benchmark = {
  name: "flight",
  async run() {
    const tables: Table[] = [];
    const details: Record<string, unknown> = {};
    for (const algorithm of ["RS256", "ES256"] as const) {
      const lanes = await measureFlights(await createScene(algorithm, TOKENS), ROUNDS[algorithm]);
      const name = `flight-${algorithm.toLowerCase()}`;
      tables.push({ name, title: `Distinct new tokens in flight, ${algorithm}`, columns: COLUMNS, rows: rows(lanes) });
      details[name] = lanes.map(detail);
    }
    tables.push(await verifyOnce());
    return { tables, details };
  },
};

async function measureFlights(scene: Scene, rounds: Rounds): Promise<readonly FlightLane[]> {
  const lanes: FlightLane[] = [];
  for (const create of [ours, joseJwt, fastJwt]) {
    for (const slots of IN_FLIGHT) {
      const contender = await create(scene); // one of its own: what it remembers is of this lane alone
      await checkWork(contender, scene);
      lanes.push({ contender, slots, flights: [] });
    }
  }
  await interleave(lanes, rounds, async ({ contender, slots, flights }, round) => {
    const calls = contender.calls(tokensOf(round, scene.good, rounds.batch));
    await setImmediate();
    const flown = await fly(calls, slots);
    if (round >= 0) flights.push(flown);
  });
  return lanes;
}

const COLUMNS = [
  "",
  "in flight",
  "µs a token",
  "throughput × one at a time",
  "event loop, µs a token",
  "× jose's",
  "CPU of all threads, µs a token",
  "event-loop delay p99, ms",
  "max, ms",
];

function rows(lanes: readonly FlightLane[]): Table["rows"] {
  return lanes.map((lane) => {
    const alone = find(lanes, lane.contender.name, 1);
    const jose = find(lanes, "jose, jwtVerify", lane.slots);
    return [
      lane.contender.name,
      String(lane.slots),
      medianOf(lane, "wall"),
      paired(alone, lane, "wall"),
      medianOf(lane, "loop"),
      paired(lane, jose, "loop"),
      medianOf(lane, "cpu"),
      ...delays(lane),
    ];
  });
}

function detail(lane: FlightLane): object {
  const wall = lane.flights.map((flown) => flown.wall);
  return {
    name: lane.contender.name,
    inFlight: lane.slots,
    median: median(wall),
    quartiles: [quantile(wall, 0.25), quantile(wall, 0.75)],
    loop: medianOf(lane, "loop"),
    cpu: medianOf(lane, "cpu"),
  };
}

function find(lanes: readonly FlightLane[], name: string, slots: number): FlightLane {
  const found = lanes.find((lane) => lane.contender.name === name && lane.slots === slots);
  if (found === undefined) throw new Error(`no figures for ${name} with ${slots} in flight`);
  return found;
}

function medianOf({ flights }: FlightLane, what: Cost): number {
  return median(flights.map((flown) => flown[what]));
}

/** The median of one lane's rounds divided by another's. */
function paired(lane: FlightLane, by: FlightLane, what: Cost): number {
  return median(lane.flights.map((flown, round) => flown[what] / (by.flights[round]?.[what] ?? Number.NaN)));
}

function delays({ flights, slots }: FlightLane): readonly (string | number)[] {
  if (slots === 1) return ["–", "–"]; // one after the other leaves verifiers that answer at once no turn of the loop
  const all = flights.flatMap((flown) => flown.delays);
  return [quantile(all, 0.99), quantile(all, 1)];
}
