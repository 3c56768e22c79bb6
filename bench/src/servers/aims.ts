// What we aim at, beside what was measured: ratios and differences of one run.
import type { Table } from "./markdown.js";
import { besideBestPeer, digits } from "./figures.js";
import type { Estimate } from "./statistics.js";
import type { Figures, SummarisedContender, Summary } from "./summary.js";

interface Aim {
  readonly text: string;
  /** What it is about; undefined where there is nothing to compare with. */
  readonly measured: (given: Given) => Estimate | undefined;
  readonly isMet: (value: number) => boolean;
}

interface Given {
  readonly summary: Summary;
  readonly ours: SummarisedContender;
  readonly workload: string;
  readonly figures: Figures;
}

/** Where a request costs little enough for so little to be seen. */
const SMALL: readonly string[] = ["http", "koa", "fastify"];

const AIMS: readonly Aim[] = [
  {
    text: "at most 8 µs beyond a no-op",
    measured: ({ summary, workload, figures }) =>
      SMALL.includes(summary.framework) && workload !== "hostile" ? figures.beyondNoop : undefined,
    isMet: (value) => value <= 8,
  },
  {
    text: "at most 0.1 × the best peer's",
    measured: ({ summary, ours, workload }) =>
      workload === "hostile" ? undefined : besideBestPeer(summary, ours, workload),
    isMet: (value) => value <= 0.1,
  },
  {
    text: "at least 0.8 × the requests/s of good tokens alone",
    measured: ({ figures }) => figures.besideGood,
    isMet: (value) => value >= 0.8,
  },
];

export function aims(summaries: readonly Summary[]): Table {
  const rows = summaries.flatMap((summary) =>
    summary.contenders
      .filter(({ role }) => role === "ours")
      .flatMap((ours) =>
        Object.entries(ours.workloads).flatMap(([workload, figures]) =>
          AIMS.flatMap((aim) => {
            const estimate = aim.measured({ summary, ours, workload, figures });
            return estimate === undefined ? [] : [row(summary.title, workload, aim, estimate)];
          }),
        ),
      ),
  );
  return {
    name: "servers-aims",
    title: "What we aim at, and what was measured",
    columns: ["server", "tokens", "aim", "measured", "95 % within", ""],
    rows,
  };
}

function row(title: string, workload: string, { text, isMet }: Aim, { median, interval }: Estimate): readonly string[] {
  const sure = interval.every((end) => isMet(end) === isMet(median));
  const verdict = isMet(median) ? "met" : "not met";
  return [
    title,
    workload,
    text,
    digits(median),
    interval.map(digits).join(" to "),
    sure ? verdict : `${verdict} (unsure)`,
  ];
}
