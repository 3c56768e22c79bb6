// The table of docs/hostile-issuer.md: what each behaviour came to, and what it cost.
import { UNAVAILABLE } from "./case.js";
import type { HostileCase } from "./case.js";
import type { Outcome } from "./run-case.js";

const BEGIN = "<!-- measured -->\n";
const END = "<!-- /measured -->";

/** The page with the table of these outcomes in it. */
export function withTable(page: string, outcomes: ReadonlyMap<HostileCase, Outcome>): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error("docs/hostile-issuer.md has no place for the table");
  const table = ["| behaviour | answer | ms | fetches | MB |", "|---|---|---:|---:|---:|", ...[...outcomes].map(rowOf)];
  const all = [...outcomes.values()];
  const most = (of: (outcome: Outcome) => number | undefined): number => Math.max(...all.map((one) => of(one) ?? 0));
  const summary =
    `${all.length} behaviours, Node ${process.versions.node}. At most: ${Math.round(most(({ ms }) => ms))} ms for an answer, ` +
    `${most(({ fetches }) => fetches)} requests, ${Math.round(most(({ mb }) => mb))} MB, and ` +
    `${Math.round(most(({ stallMs }) => stallMs))} ms in which nothing else could run.`;
  return `${page.slice(0, from)}${BEGIN}\n${summary}\n\n${table.join("\n")}\n\n${page.slice(to)}`;
}

function rowOf([{ what }, { answer, ms, fetches, mb }]: readonly [HostileCase, Outcome]): string {
  const status = answer === "good" ? "200" : answer === UNAVAILABLE ? "503" : `401 \`${answer}\``;
  return `| ${what.replaceAll("|", "\\|")} | ${status} | ${Math.round(ms)} | ${fetches} | ${Math.max(0, mb ?? 0).toFixed(0)} |`;
}
