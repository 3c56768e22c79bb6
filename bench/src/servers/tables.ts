// The tables: a workload each, the aims, and how bad tokens were answered.
import type { Table } from "./markdown.js";
import type { Estimate } from "./statistics.js";
import type { SummarisedContender, Summary } from "./summary.js";
import type { Workload } from "./workloads.js";

export function makeTables(summaries: readonly Summary[], workloads: readonly Workload[]): readonly Table[] {
  return [
    ...workloads.map((workload) => ofWorkload(summaries, workload)),
    aims(summaries, workloads),
    answers(summaries),
  ];
}

function ofWorkload(summaries: readonly Summary[], { name, title }: Workload): Table {
  return {
    name: `servers-${name}`,
    title: `A request with a token, ${title}`,
    columns: [
      "server",
      "protection",
      "CPU, µs a request",
      "beyond bare, µs",
      "beyond a no-op, µs",
      "95 % of it within",
      "× best peer's",
      "p50, µs",
      "p99, µs",
      "requests/s",
    ],
    rows: summaries.flatMap((summary) =>
      summary.contenders.flatMap((contender) => {
        const figures = contender.workloads[name];
        if (figures === undefined) return [];
        const { cpu, beyondBare, beyondNoop, p50, p99, perSecond } = figures;
        return [
          [
            summary.title,
            contender.name,
            digits(cpu.median),
            digits(beyondBare?.median),
            resolved(beyondNoop),
            within(beyondNoop),
            digits(besideBestPeer(summary, contender, name)),
            digits(p50),
            digits(p99),
            Math.round(perSecond),
          ],
        ];
      }),
    ),
  };
}

/** What ours costs beyond a no-op, beside what the best of the others does. */
function besideBestPeer(
  summary: Summary,
  { role, workloads }: SummarisedContender,
  workload: string,
): number | undefined {
  const best = bestPeer(summary, workload);
  const own = workloads[workload]?.beyondNoop?.median;
  return best === undefined || own === undefined || role === "noop" ? undefined : own / best;
}

function bestPeer({ contenders }: Summary, workload: string): number | undefined {
  const costs = contenders
    .filter(({ role }) => role === "peer")
    .flatMap(({ workloads }) => workloads[workload]?.beyondNoop?.median ?? []);
  return costs.length === 0 ? undefined : Math.min(...costs);
}

const CPU_AIM = 8;
const PEER_AIM = 0.1;
const HOSTILE_AIM = 0.8;

function aims(summaries: readonly Summary[], workloads: readonly Workload[]): Table {
  const rows = summaries.flatMap((summary) => {
    const ours = summary.contenders.find(({ role }) => role === "ours");
    if (ours === undefined) return [];
    return workloads.flatMap(({ name }) => {
      const figures = ours.workloads[name];
      if (figures?.beyondNoop === undefined) return [];
      const row = (aim: string, measured: string | number, met: boolean): readonly (string | number)[] => [
        summary.title,
        name,
        aim,
        measured,
        met ? "met" : "not met",
      ];
      if (name === "hostile") {
        const ratio = figures.besideGood?.median;
        const aim = `throughput at least ${HOSTILE_AIM} × that of good tokens`;
        return ratio === undefined ? [] : [row(aim, digits(ratio), ratio >= HOSTILE_AIM)];
      }
      const { median } = figures.beyondNoop;
      const best = besideBestPeer(summary, ours, name);
      return [
        row(`at most ${CPU_AIM} µs beyond a no-op`, digits(median), median <= CPU_AIM),
        ...(best === undefined ? [] : [row(`at most ${PEER_AIM} × the best peer's`, digits(best), best <= PEER_AIM)]),
      ];
    });
  });
  return { name: "servers-aims", title: "The aims", columns: ["server", "workload", "aim", "measured", ""], rows };
}

function answers(summaries: readonly Summary[]): Table {
  return {
    name: "servers-answers",
    title: "How bad tokens were answered",
    columns: ["server", "protection", "bad tokens", "let in", "refused, but not with 401"],
    rows: summaries.flatMap(({ title, contenders }) =>
      contenders
        .filter(({ answers: { sent } }) => sent > 0)
        .map(({ name, answers: { sent, letIn, otherStatus } }) => [title, name, sent, letIn, otherStatus]),
    ),
  };
}

/** A difference whose interval has both signs is not known. */
function resolved(estimate: Estimate | undefined): string | number {
  if (estimate === undefined) return "";
  const [from, to] = estimate.interval;
  return from < 0 && to > 0 ? `not resolved (${digits(estimate.median)})` : digits(estimate.median);
}

function within(estimate: Estimate | undefined): string {
  return estimate === undefined ? "" : estimate.interval.map(digits).join(" to ");
}

/** Three digits that count, two for what is small: more would be noise. */
function digits(value: number | undefined): string {
  if (value === undefined) return "";
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
