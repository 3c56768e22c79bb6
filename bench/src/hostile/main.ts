// npm run bench:hostile: the same hostile requests to two middlewares and to ours; with --write also docs/security.md.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startContender } from "./contender-process.js";
import { contenders } from "./contenders.js";
import { hostileRequests } from "./corpus.js";
import { mistakesIn } from "./mistakes.js";
import { tablesOf } from "./tables.js";
import type { Judged } from "./tables.js";

const PAGE = new URL("../../../docs/security.md", import.meta.url);
const BLOCK = /(?<=<!-- hostile -->\n)[^]*(?=\n<!-- \/hostile -->)/;

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const results = new Map<string, readonly Judged[]>();
for (const name of Object.keys(contenders)) {
  console.error(`asking: ${name}`);
  results.set(name, await judgedAnswers(name));
}

const tables = tablesOf(results);
console.log(tables);
if (values.write) {
  const page = readFileSync(PAGE, "utf8");
  if (!BLOCK.test(page)) throw new Error("docs/security.md: expected <!-- hostile --> and <!-- /hostile -->");
  writeFileSync(
    PAGE,
    page.replace(BLOCK, () => `\n${tables}\n`),
  );
}

async function judgedAnswers(name: string): Promise<readonly Judged[]> {
  const contender = await startContender(name);
  const judged: Judged[] = [];
  for (const request of hostileRequests) {
    judged.push({ request, mistakes: mistakesIn(request, await contender.ask(request)) });
  }
  contender.stop();
  return judged;
}
