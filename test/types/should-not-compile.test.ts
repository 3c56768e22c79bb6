// The mistakes of should-not-compile.ts are refused for the reasons that stand there: each with the compiler's own code.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../structure/sources.js";

const DIRECTIVE = /^\s*\/\/ @ts-expect-error (TS\d+) \S/;

/** Where a mistake stands, and what the compiler says of it: `18 TS2345`. */
type Fault = string;

const text = readFileSync(join(root, "test/types/should-not-compile.ts"), "utf8");
const lines = text.split("\n");
const promised: readonly Fault[] = lines.flatMap((line, i) => {
  const code = DIRECTIVE.exec(line)?.[1];
  return code === undefined ? [] : [`${i + 2} ${code}`];
});

/** What the compiler says when no directive keeps it quiet. */
function faults(): readonly Fault[] {
  const folder = join(root, "test/out/types");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mistakes.ts"), text.replaceAll("// @ts-expect-error", "//"));
  const options = { extends: "../../tsconfig.json", compilerOptions: { rootDir: "." }, include: ["*.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...options, references: [] }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], { encoding: "utf8" });
  const found = [...stdout.matchAll(/^\S*mistakes\.ts\((\d+),\d+\): error (TS\d+)/gm)];
  const first = new Map(found.toReversed().map(([, line = "", code = ""]) => [line, code]));
  return [...first]
    .map(([line, code]) => `${line} ${code}`)
    .toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b));
}

it("refuses each mistake for the reason that is written above it", () => {
  expect(lines.filter((line) => line.includes("@ts-expect-error"))).toHaveLength(promised.length);
  expect(faults()).toEqual(promised);
});
