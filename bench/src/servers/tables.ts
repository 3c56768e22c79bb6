// The tables: one for each workload, the aims, and how bad tokens were answered.
import { aims } from "./aims.js";
import { besideBestPeer, digits } from "./figures.js";
import type { Table } from "./markdown.js";
import type { Estimate } from "./statistics.js";
import type { Figures, SummarisedContender, Summary } from "./summary.js";
import type { Workload } from "./workloads.js";

export function makeTables(summaries: readonly Summary[], workloads: readonly Workload[]): readonly Table[] {
  return [...workloads.map((workload) => ofWorkload(summaries, workload)), aims(summaries), answers(summaries)];
}

interface Row extends Figures {
  readonly summary: Summary;
  readonly contender: SummarisedContender;
  readonly workload: string;
}

const COLUMNS: Readonly<Record<string, (row: Row) => string | number>> = {
  server: ({ summary }) => summary.title,
  protection: ({ contender }) => contender.name,
  "CPU, µs": ({ cpu }) => digits(cpu.median),
  "beyond bare, µs": ({ beyondBare }) => resolved(beyondBare),
  "beyond a no-op, µs": ({ beyondNoop }) => resolved(beyondNoop),
  "95 % within": ({ beyondNoop }) => (beyondNoop === undefined ? "" : beyondNoop.interval.map(digits).join(" to ")),
  "× best peer": ({ summary, contender, workload }) => ratio(besideBestPeer(summary, contender, workload)),
  "p50, µs": ({ p50 }) => digits(p50),
  "p99, µs": ({ p99 }) => digits(p99),
  "requests/s": ({ perSecond }) => Math.round(perSecond),
};

/** Beside the same server's with good tokens alone. */
const HOSTILE_COLUMNS: typeof COLUMNS = {
  ...COLUMNS,
  "× good tokens": ({ besideGood }) => ratio(besideGood),
};

function ofWorkload(summaries: readonly Summary[], { name, title }: Workload): Table {
  const columns = name === "hostile" ? HOSTILE_COLUMNS : COLUMNS;
  const rows = summaries.flatMap((summary) =>
    summary.contenders.flatMap((contender): Row[] => {
      const figures = contender.workloads[name];
      return figures === undefined ? [] : [{ ...figures, summary, contender, workload: name }];
    }),
  );
  return {
    name: `servers-${name}`,
    title: `CPU time of the server and latency of a request: ${title}`,
    columns: Object.keys(columns),
    rows: rows.map((row) => Object.values(columns).map((cell) => cell(row))),
  };
}

function answers(summaries: readonly Summary[]): Table {
  return {
    name: "servers-answers",
    title: "How bad tokens were answered before anything was measured",
    columns: ["server", "protection", "bad tokens", "let in", "refused, but not with 401"],
    rows: summaries.flatMap(({ title, contenders }) =>
      contenders
        .filter(({ answers: { sent } }) => sent > 0)
        .map(({ name, answers: { sent, letIn, otherStatus } }) => [title, name, sent, letIn, otherStatus]),
    ),
  };
}

/** A difference that may as well be the other way round is not known. */
function resolved(estimate: Estimate | undefined): string {
  if (estimate === undefined) return "";
  const [from, to] = estimate.interval;
  return from < 0 && to > 0 ? `${digits(estimate.median)} (not resolved)` : digits(estimate.median);
}

function ratio(estimate: Estimate | undefined): string {
  return estimate === undefined ? "" : digits(estimate.median);
}
