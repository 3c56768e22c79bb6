// The counts as Markdown: by mistake and severity, and by class of request. No request is named.
import { createRequire } from "node:module";
import { hostileRequests } from "./corpus.js";
import type { HostileRequest } from "./corpus.js";
import { MISTAKES } from "./mistakes.js";
import type { Mistake } from "./mistakes.js";

export interface Judged {
  readonly request: HostileRequest;
  readonly mistakes: readonly Mistake[];
}

/** What each contender did, by its name. */
export type Results = ReadonlyMap<string, readonly Judged[]>;

export function tablesOf(results: Results): string {
  return [about(), bySeverity(results), byClass(results)].join("\n\n");
}

const SEVERITIES = ["critical", "must"] as const;

function about(): string {
  const parts = SEVERITIES.map(
    (severity) => `${count(hostileRequests, (one) => one.severity === severity)} ${severity}`,
  );
  return `${hostileRequests.length} requests (${parts.join(", ")}), Node ${process.versions.node}.`;
}

function bySeverity(results: Results): string {
  const rows = (Object.keys(MISTAKES) as Mistake[]).flatMap((mistake) =>
    SEVERITIES.map((severity) => [
      `${MISTAKES[mistake]}: ${severity}`,
      ...wrong(results, ({ request, mistakes }) => request.severity === severity && mistakes.includes(mistake)),
    ]),
  );
  return markdown(["mistake", ...[...results.keys()].map(versioned)], rows);
}

function byClass(results: Results): string {
  const classes = [...new Set(hostileRequests.map((request) => request.class))];
  const rows = classes.map((one) => [
    `${one} (${count(hostileRequests, (request) => request.class === one)})`,
    ...wrong(results, ({ request, mistakes }) => request.class === one && mistakes.length > 0),
  ]);
  return markdown(["requests with a mistake, of", ...[...results.keys()].map(versioned)], rows);
}

function wrong(results: Results, which: (judged: Judged) => boolean): readonly string[] {
  return [...results.values()].map((judged) => String(count(judged, which)));
}

function count<T>(all: readonly T[], which: (one: T) => boolean): number {
  return all.filter(which).length;
}

function versioned(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string };
  return `${name} ${version}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
