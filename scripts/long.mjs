// npm run test:long: the tests that take minutes, test/**/*.long.ts, one file after the other.
//   npm run test:long -- flapping     some files only, by name
//   npm run test:long -- --write      also puts what they measured into docs/long-tests.json and docs/long-tests.md
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pnpm, root } from "./pnpm.mjs";

const PAGE = `${root}docs/long-tests.md`;
const RESULTS = `${root}docs/long-tests.json`;
const BEGIN = "<!-- long -->\n";
const END = "<!-- /long -->";

const args = process.argv.slice(2);
const files = args.filter((arg) => arg !== "--write");
const folder = mkdtempSync(join(tmpdir(), "scitokens-long-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
pnpm("exec", "tsc", "-b"); // servers that run as programs run what is built
const report = runTests(join(folder, "report.json"));
const rows = report.testResults.flatMap(rowsOf);
console.log(`\n${tableOf(rows)}`);
if (args.includes("--write")) {
  // What failed is to be mended, and not to be published.
  if (!report.success) throw new Error(`${PAGE} is left as it is: only a run without failures is written`);
  write(rows);
}
process.exitCode = report.success ? 0 : 1;

function runTests(file) {
  const vitest = ["--no", "vitest", "run", "--config", "vitest.long.config.ts", ...files];
  const { error } = spawnSync("npx", [...vitest, "--reporter=default", "--reporter=json", `--outputFile=${file}`], {
    cwd: root,
    stdio: "inherit",
  });
  if (error) throw error;
  if (!existsSync(file)) process.exit(1); // it has said why
  return JSON.parse(readFileSync(file, "utf8"));
}

/** A row for whatever was reported, and one for all tests of the file that reported nothing. */
function rowsOf({ name, assertionResults, startTime }) {
  const file = relative(root, name);
  const date = new Date(startTime).toISOString().slice(0, 10);
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores`;
  const row = (what, tests, figures) => {
    const seconds = Math.round(tests.reduce((sum, { duration = 0 }) => sum + duration, 0) / 1000);
    return { file, what, seconds, figures, verdict: verdictOf(tests), date, machine };
  };
  const silent = assertionResults.filter(({ meta }) => meta?.long === undefined);
  const told = assertionResults.flatMap((test) =>
    (test.meta?.long ?? []).map(({ name: what, figures }) => row(what, [test], figures)),
  );
  const rest = `${file.replace(/^.*\/|\.long\.ts$/g, "").replaceAll("-", " ")}${told.length > 0 ? ", the others" : ""}`;
  return silent.length === 0 ? told : [...told, row(rest, silent, { tests: silent.length })];
}

function verdictOf(tests) {
  const counted = (status) => tests.filter((test) => test.status === status).length;
  const failed = counted("failed");
  const skipped = tests.length - failed - counted("passed");
  if (failed > 0) return tests.length === 1 ? "failed" : `${failed} failed`;
  if (skipped === tests.length) return "skipped";
  return skipped > 0 ? `passed, ${skipped} skipped` : "passed";
}

/** The files that ran take the place of what they said last time; files that are gone leave the page. */
function write(ran) {
  const known = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : [];
  const renewed = new Set(ran.map(({ file }) => file));
  const kept = known.filter(({ file }) => !renewed.has(file) && existsSync(join(root, file)));
  const all = [...kept, ...ran].toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the table`);
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n${tableOf(all)}\n\n${page.slice(to)}`);
}

function tableOf(all) {
  const cells = all.map(({ what, seconds, figures, verdict, date, machine }) => {
    const words = Object.entries(figures).map(([name, value]) => `${name}: ${inWords(value)}`);
    return `| ${what} | ${inMinutes(seconds)} | ${words.join("; ")} | ${verdict} | ${date}, ${machine} |`;
  });
  return ["| what | for | figures | verdict | when, where |", "| --- | --- | --- | --- | --- |", ...cells].join("\n");
}

function inWords(value) {
  if (typeof value !== "number") return String(value).replaceAll("|", "\\|");
  return value.toLocaleString("en", {
    maximumFractionDigits: Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0,
  });
}

function inMinutes(seconds) {
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
