// Jest: each recipe of docs/compatibility.md, run as it is written there, on every Node.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { failed, fillTable, ok, skipped } from "../cells.mjs";
import { execute } from "../workshop.mjs";
import { openNodes } from "./node.mjs";

const VM_MODULES = "--experimental-vm-modules";

/** Their configurations are in docs/compatibility.md too, under the names of the files. */
const RECIPES = [
  { name: "ES modules", of: "express", config: "esm/jest.config.js", flags: [VM_MODULES] },
  { name: "CommonJS, TypeScript, @swc/jest", of: "express", config: "commonjs/jest.swc.config.cjs" },
  { name: "CommonJS, TypeScript, ts-jest", of: "express", config: "commonjs/jest.ts-jest.config.cjs" },
  { name: "CommonJS, JavaScript, babel-jest", of: "express", config: "commonjs/jest.babel.config.cjs" },
  { name: "CommonJS, TypeScript, @swc/jest, Nest", of: "nest", config: "nest/jest.config.cjs" },
  {
    name: "CommonJS, nothing transformed",
    of: "express",
    config: "commonjs/jest.require.config.cjs",
    flags: [VM_MODULES],
    from: "24.9", // Jest's own require() of ES modules
  },
];

/** The text of each configuration. */
export function readRecipes() {
  const read = ({ config }) => readFileSync(new URL(`../jest/${config}`, import.meta.url), "utf8");
  return Object.fromEntries(RECIPES.map((recipe) => [recipe.config, read(recipe)]));
}

/** One row for each recipe, one cell for each Node. */
export async function tryJest({ workshop, versions, consumers }) {
  const columns = await openNodes(workshop, versions.node);
  const names = consumers.map(({ name }) => name);
  const recipes = RECIPES.filter(({ of }) => names.includes(of));
  const packages = new Set(recipes.map(({ of }) => of));
  const folder = packages.size === 0 ? "" : await workshop.project("jest", ["issuer", ...packages]);
  const rows = recipes.map((recipe) => ({ name: recipe.name, trials: [{ folder, ...recipe }] }));
  return fillTable({ title: "Jest", columns, rows }, runRecipe);
}

async function runRecipe({ folder, config, flags = [], from }, node) {
  if (node.path === undefined) return skipped("did not run", node.problem);
  const jest = join(folder, "node_modules/jest/bin/jest.js");
  const args = [...flags, jest, "--config", join(folder, config), "--no-cache", "--runInBand"];
  const run = await execute(node.path, args, { cwd: dirname(join(folder, config)), timeout: 120_000 });
  if (from !== undefined && isBefore(node.version, from)) {
    const expected = !run.ok && run.output.includes("Must use import to load ES Module");
    return expected ? skipped(`from ${from}`) : failed("failed otherwise than expected", run.output);
  }
  return run.ok ? ok : failed("failed", run.output);
}

function isBefore(version, floor) {
  return version.localeCompare(floor, "en", { numeric: true }) < 0;
}
