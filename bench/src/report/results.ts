// The files in out/: one for each command that measured something.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Results } from "./table.js";

const OUT = new URL("../../out/", import.meta.url);

export function writeResults(name: string, results: Results): void {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(new URL(`${name}.json`, OUT), `${JSON.stringify(results, undefined, 2)}\n`);
}

/** All that has been measured, by name. */
export function readResults(): ReadonlyMap<string, Results> {
  const files = existsSync(OUT) ? readdirSync(OUT).filter((file) => file.endsWith(".json")) : [];
  return new Map(
    files.map((file) => [
      file.slice(0, -".json".length),
      JSON.parse(readFileSync(new URL(file, OUT), "utf8")) as Results, // written by this workspace alone
    ]),
  );
}
