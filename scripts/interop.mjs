// npm run test:interop: our packages beside real software of Debian, on loopback. Installs nothing, and says what is missing.
//   npm run test:interop -- xrootd     some files only, by name
//   npm run test:interop -- --write    also puts the table into docs/interop.md, where all of it ran and was good
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./pnpm.mjs";

const PAGE = `${root}docs/interop.md`;
const BEGIN = "<!-- interop -->\n";
const END = "<!-- /interop -->";

const args = process.argv.slice(2);
const files = args.filter((arg) => arg !== "--write");
const folder = mkdtempSync(join(tmpdir(), "scitokens-interop-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const report = runTests(join(folder, "report.json"));
const suites = suitesOf(report);
console.log(`\n${tableOf(suites)}\n`);
for (const { title, skipped } of suites) for (const words of skipped) console.log(`${title}: ${words}`);
if (args.includes("--write")) {
  const isWhole = report.success && files.length === 0 && suites.every(({ skipped }) => skipped.length === 0);
  if (!isWhole) throw new Error(`${PAGE} is left as it is: only a whole run without failures and skips is written`);
  writeTable(tableOf(suites));
}
process.exitCode = report.success ? 0 : 1;

function runTests(file) {
  const vitest = ["--no", "vitest", "run", "--config", "vitest.interop.config.ts", ...files];
  const { error } = spawnSync("npx", [...vitest, "--reporter=default", "--reporter=json", `--outputFile=${file}`], {
    cwd: root,
    stdio: "inherit",
  });
  if (error) throw error;
  if (!existsSync(file)) process.exit(1); // it has said why
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The outermost describes: what was tried, with which software, and what came out. */
function suitesOf({ testResults }) {
  const found = new Map();
  for (const { ancestorTitles, title, fullName, status } of testResults.flatMap((file) => file.assertionResults)) {
    const [, name, words] = /^(.*) \((.*)\)$/.exec(ancestorTitles[0] ?? title) ?? [];
    const suite = found.get(name) ?? { title: name, versions: new Set(), passed: 0, failed: 0, skipped: [] };
    found.set(name, suite);
    for (const version of `${words} ${fullName}`.matchAll(/[a-z][a-z0-9-]+ \d[\w.:~+]*-[\w.~+]+/g))
      suite.versions.add(version[0]);
    if (status === "passed" || status === "failed") suite[status]++;
    const missing = /skipped: Debian packages? .*? missing/.exec(fullName)?.[0];
    if (missing !== undefined && !suite.skipped.includes(missing)) suite.skipped.push(missing);
  }
  return [...found.values()].toSorted((a, b) => a.title.localeCompare(b.title));
}

function tableOf(tried) {
  const rows = tried.map(({ title, versions, passed, failed, skipped }) => {
    const result = [
      ...(passed > 0 ? [`${passed} passed`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(skipped.length > 0 ? ["some skipped"] : []),
    ];
    return `| ${title} | ${[...versions].join(", ")} | ${result.join(", ")} |`;
  });
  return ["| what | Debian's | tests |", "| --- | --- | --- |", ...rows].join("\n");
}

function writeTable(table) {
  const page = readFileSync(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the table`);
  writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n${table}\n\n${page.slice(to)}`);
}
