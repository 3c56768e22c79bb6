// What a run of flapping.ts comes to: what was wrong, and its figures.
import type { Flapped } from "./flapping.js";
import { createModel } from "./flapping-model.js";

export interface Judgement {
  /** One line for each thing that should not be; the first ones of many. */
  readonly wrong: readonly string[];
  readonly figures: Readonly<Record<string, number | string>>;
}

const SHOWN = 10;
const MB = 1024 * 1024;

export function judgeFlapping(flapped: Flapped): Judgement {
  const { asked, unanswered, adopted, issuer, usableFor, left, exitCode } = flapped;
  const wrong: string[] = [];
  let grey = 0;
  const rightFor = createModel(adopted, usableFor);
  for (const request of asked) {
    const right = rightFor(request);
    if (right.size > 1) grey++;
    if (!right.has(request.status)) {
      wrong.push(`${JSON.stringify(request)}: expected ${[...right].join(" or ")}`);
    }
  }
  const sent = new Set(issuer.sent.map((kids) => kids.join()));
  for (const { kids } of adopted) if (!sent.has(kids.join())) wrong.push(`adopted what nobody sent: ${kids.join()}`);
  const last = adopted.at(-1)?.kids.join();
  if (issuer.mode === "up" && last !== issuer.keys.map(({ kid }) => kid).join()) wrong.push(`last adopted: ${last}`);
  if (exitCode !== 0) wrong.push(`exit code ${exitCode}`);
  return {
    wrong: [...wrong, ...unanswered, ...left].slice(0, SHOWN),
    figures: { ...figuresOf(flapped), "may be either": grey },
  };
}

function figuresOf({ asked, adopted, counts, loop, measured }: Flapped): Record<string, number | string> {
  const took = asked.map(({ from, to }) => to - from).toSorted((a, b) => a - b);
  const statuses: Record<string, number> = {};
  for (const { status } of asked) statuses[status] = (statuses[status] ?? 0) + 1;
  const [first, second] = heapsOf(measured);
  return {
    requests: asked.length,
    answers: Object.entries(statuses)
      .map(([status, count]) => `${count} x ${status}`)
      .join(", "),
    "sets of keys taken": adopted.length,
    "failed refreshes": counts["keys_failed"] ?? 0,
    "heap before, MB": first,
    "heap after, MB": second,
    "p99, ms": took[Math.floor(took.length * 0.99)] ?? 0,
    "longest, ms": took.at(-1) ?? 0,
    "event loop held at most, ms": loop.max,
  };
}

/** Medians of the second and of the last quarter of the run, in MB: in the first, caches fill and code is compiled. */
export function heapsOf(measured: Flapped["measured"]): readonly [number, number] {
  const quarter = Math.floor(measured.length / 4);
  const median = (from: number, to: number): number => {
    const heaps = measured.slice(from, to).map(({ heapUsed }) => heapUsed / MB);
    return heaps.toSorted((a, b) => a - b)[Math.floor(heaps.length / 2)] ?? 0;
  };
  return [median(quarter, 2 * quarter), median(measured.length - quarter, measured.length)];
}
