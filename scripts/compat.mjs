// npm run test:compat: the packed packages in projects of consumers, on all that they are said to run on.
//   npm run test:compat -- node types      some parts only (node, types, runtimes, jest)
//   npm run test:compat -- types express   some packages only
//   npm run test:compat -- --write         also puts the tables into docs/compatibility.md; --keep keeps the projects
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readRecipes, tryJest } from "../compat/parts/jest.mjs";
import { tryNode } from "../compat/parts/node.mjs";
import { tryRuntimes } from "../compat/parts/runtimes.mjs";
import { tryTypes } from "../compat/parts/types.mjs";
import { countFailures, notesOf, sectionOf, tableOf, writePage } from "../compat/report.mjs";
import { findConsumers, openWorkshop } from "../compat/workshop.mjs";
import { findPackages, install } from "./pack.mjs";
import { root } from "./pnpm.mjs";

const PARTS = { node: tryNode, types: tryTypes, runtimes: tryRuntimes, jest: tryJest };

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: "boolean" }, keep: { type: "boolean" }, "no-install": { type: "boolean" } },
});
const chosenParts = Object.keys(PARTS).filter((part) => positionals.includes(part));
const chosenPackages = positionals.filter((word) => !(word in PARTS));
const unknown = chosenPackages.filter((word) => !findPackages().some(({ folder }) => folder === word));
if (unknown.length > 0) throw new TypeError(`no part and no package: ${unknown.join(", ")}`);
if (flags.write === true && chosenPackages.length > 0) throw new TypeError("--write: a table has all packages");

const start = performance.now();
if (flags["no-install"] !== true) install();
const versions = JSON.parse(readFileSync(`${root}compat/versions.json`, "utf8"));
const workshop = openWorkshop(chosenPackages);
const consumers = findConsumers(chosenPackages);
const results = {};
try {
  for (const part of chosenParts.length > 0 ? chosenParts : Object.keys(PARTS)) {
    const begun = performance.now();
    results[part] = await PARTS[part]({ workshop, consumers, versions });
    const notes = notesOf(results[part], 12);
    console.log([`\n${results[part].title} (${seconds(begun)} s)`, tableOf(results[part]), ...notes].join("\n\n"));
  }
} finally {
  if (flags.keep === true) console.log(`\nthe projects are in ${workshop.folder}`);
  else workshop.close();
}

const failures = Object.values(results).reduce((sum, result) => sum + countFailures(result), 0);
console.log(`\n${failures} failed; ${seconds(start)} s`);
if (flags.write === true) writePage(textsOf(results));
process.exitCode = failures > 0 ? 1 : 0;

function textsOf(written) {
  // What failed is to be mended, and not to be published.
  const good = Object.entries(written).filter(([, result]) => countFailures(result) === 0);
  const texts = Object.fromEntries(good.map(([part, result]) => [part, sectionOf(result)]));
  const isAll = good.length === Object.keys(PARTS).length;
  if (isAll) texts["duration"] = `All of it took ${Math.ceil(seconds(start) / 60)} minutes on two cores.`;
  for (const [file, recipe] of Object.entries(readRecipes())) texts[`jest ${file}`] = `\`\`\`js\n${recipe}\`\`\``;
  return texts;
}

function seconds(since) {
  return Math.round((performance.now() - since) / 1000);
}
