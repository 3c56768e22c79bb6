// What the windows say: medians for each contender and workload, and what it costs beyond the bare server and one that does nothing.
import type { Answers } from "./check-answers.js";
import type { Contender } from "./contender.js";
import type { Measured, Window } from "./measure.js";
import { estimate, median } from "./statistics.js";
import type { Estimate } from "./statistics.js";

export interface Figures {
  /** Microseconds of CPU time a request. */
  readonly cpu: Estimate;
  /** Of all requests, the rare long collections of garbage included that a median of windows may miss. */
  readonly cpuMean: number;
  /** The medians of each process, to see how much these differ. */
  readonly cpuOfLives: readonly number[];
  /** Of pairs of neighbouring windows. Undefined for those that are compared with. */
  readonly beyondBare: Estimate | undefined;
  readonly beyondNoop: Estimate | undefined;
  /** Microseconds, as the client sees them. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Requests per second, beside the same contender's with good tokens alone. */
  readonly besideGood: Estimate | undefined;
  readonly requests: number;
  readonly wrong: number;
}

export interface SummarisedContender {
  readonly name: string;
  readonly role: Contender["role"];
  readonly answers: Answers;
  readonly workloads: Readonly<Record<string, Figures>>;
}

export interface Summary {
  readonly framework: string;
  readonly title: string;
  readonly contenders: readonly SummarisedContender[];
}

export function summarise(
  { framework, title }: Pick<Summary, "framework" | "title">,
  all: readonly Measured[],
  random: () => number,
): Summary {
  const windowsOf = (role: Contender["role"], workload: string): readonly (readonly Window[])[] | undefined =>
    all.find(({ contender }) => contender.role === role)?.windows[workload];
  const contenders = all.map(({ contender, answers, windows }) => ({
    name: contender.name,
    role: contender.role,
    answers,
    workloads: Object.fromEntries(
      Object.entries(windows).map(([workload, lives]) => [
        workload,
        figures(lives, {
          random,
          bare: contender.role === "bare" ? undefined : windowsOf("bare", workload),
          noop: isCompared(contender.role) ? windowsOf("noop", workload) : undefined,
          good: workload === "hostile" ? windows["distinct"] : undefined,
        }),
      ]),
    ),
  }));
  return { framework, title, contenders };
}

function isCompared(role: Contender["role"]): boolean {
  return role === "ours" || role === "peer";
}

type Lives = readonly (readonly Window[])[];

interface Beside {
  readonly random: () => number;
  readonly bare: Lives | undefined;
  readonly noop: Lives | undefined;
  readonly good: Lives | undefined;
}

function figures(lives: Lives, { random, bare, noop, good }: Beside): Figures {
  const windows = lives.flat();
  const requests = windows.reduce((all, window) => all + window.requests, 0);
  const beyond = (base: Lives | undefined): Estimate | undefined =>
    base &&
    estimate(
      pairs(lives, base, (mine, other) => mine.cpu - other.cpu),
      random,
    );
  return {
    cpu: estimate(
      lives.map((life) => life.map(({ cpu }) => cpu)),
      random,
    ),
    cpuMean: windows.reduce((all, window) => all + window.cpu * window.requests, 0) / requests,
    cpuOfLives: lives.map((life) => median(life.map(({ cpu }) => cpu))),
    beyondBare: beyond(bare),
    beyondNoop: beyond(noop),
    p50: median(windows.map(({ p50 }) => p50)),
    p99: median(windows.map(({ p99 }) => p99)),
    perSecond: median(windows.map(({ perSecond }) => perSecond)),
    besideGood:
      good &&
      estimate(
        pairs(lives, good, (mine, other) => mine.perSecond / other.perSecond),
        random,
      ),
    requests,
    wrong: windows.reduce((all, { wrong }) => all + wrong, 0),
  };
}

/** What two make of the windows of the same round. */
function pairs(lives: Lives, others: Lives, compare: (mine: Window, other: Window) => number): readonly number[][] {
  return lives.map((life, index) =>
    life.flatMap((window, round) => {
      const other = others[index]?.[round];
      return other === undefined ? [] : [compare(window, other)];
    }),
  );
}
