// The benchmarks: who runs against whom, on which tokens, and beside what the result is read.
import { checkWork } from "./check.js";
import type { Contender } from "./contender.js";
import { fastJwt, fastJwtCached, joseJwt, joseKey, jsonWebToken } from "./contenders/others.js";
import { ours, oursCached, oursCachedWithTest } from "./contenders/ours.js";
import { joseCompactVerify, raw, rawInPool, rawWebCrypto } from "./contenders/raw.js";
import { measure } from "./rounds.js";
import type { Measured, Rounds } from "./rounds.js";
import { createScene } from "./tokens.js";
import type { Algorithm, Scene } from "./tokens.js";

export interface Benchmark {
  /** The table it belongs to. */
  readonly table: "cold" | "seen" | "signature";
  readonly algorithm: Algorithm;
  readonly rounds: Rounds;
  readonly contenders: (scene: Scene) => Promise<readonly Contender[]>;
}

export interface Result {
  readonly table: Benchmark["table"];
  readonly algorithm: Algorithm;
  readonly measured: readonly Measured[];
}

const POOL = 500;

export const BENCHMARKS: readonly Benchmark[] = [
  { table: "cold", algorithm: "RS256", rounds: { rounds: 500, warmUp: 50, batch: 100 }, contenders: cold },
  { table: "cold", algorithm: "ES256", rounds: { rounds: 250, warmUp: 30, batch: 100 }, contenders: cold },
  { table: "seen", algorithm: "RS256", rounds: { rounds: 1200, warmUp: 150, batch: 250 }, contenders: seen },
  { table: "signature", algorithm: "RS256", rounds: { rounds: 200, warmUp: 20, batch: 100 }, contenders: signature },
  { table: "signature", algorithm: "ES256", rounds: { rounds: 100, warmUp: 10, batch: 100 }, contenders: signature },
];

export async function run({ table, algorithm, rounds, contenders }: Benchmark): Promise<Result> {
  const scene = await createScene(algorithm, POOL);
  const taking = await contenders(scene);
  for (const contender of taking) await checkWork(contender, scene);
  return { table, algorithm, measured: await measure(taking, scene.good, rounds) };
}

/** Tokens that nobody has seen before. */
async function cold(scene: Scene): Promise<readonly Contender[]> {
  return [raw(scene), ours(scene), fastJwt(scene), jsonWebToken(scene), await joseJwt(scene)];
}

/** Tokens that every cache knows; raw beside them for scale. */
async function seen(scene: Scene): Promise<readonly Contender[]> {
  const contenders = [oursCachedWithTest(scene), oursCached(scene), fastJwtCached(scene)];
  for (const token of scene.good) {
    for (const contender of contenders) await contender.verify(token);
  }
  return [raw(scene), ...contenders];
}

/** The ways to have a signature verified. */
async function signature(scene: Scene): Promise<readonly Contender[]> {
  return [raw(scene), rawInPool(scene), await rawWebCrypto(scene), joseCompactVerify(await joseKey(scene))];
}
