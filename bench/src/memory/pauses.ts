// The pauses that collecting garbage makes, as Node reports them.
import { constants, PerformanceObserver } from "node:perf_hooks";
import type { NodeGCPerformanceDetail, PerformanceEntry } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";

export interface Pauses {
  /** Milliseconds of the longest one, of the young generation's and of the whole heap's. */
  readonly young: number;
  readonly whole: number;
  readonly count: number;
}

export interface PauseWatch {
  /** The pauses since the last time this was asked. */
  take(): Promise<Pauses>;
}

const YOUNG: number = constants.NODE_PERFORMANCE_GC_MINOR;

export function watchPauses(): PauseWatch {
  let entries: { readonly kind: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) entries.push({ kind: kindOf(entry), duration: entry.duration });
  });
  observer.observe({ entryTypes: ["gc"] });
  return {
    async take() {
      await setImmediate(); // observers are told on a turn of the event loop
      await setImmediate();
      const taken = entries;
      entries = [];
      const longest = (young: boolean): number =>
        Math.max(0, ...taken.filter(({ kind }) => (kind === YOUNG) === young).map(({ duration }) => duration));
      return { young: longest(true), whole: longest(false), count: taken.length };
    },
  };
}

function kindOf(entry: PerformanceEntry): number {
  const { kind } = (entry as PerformanceEntry & { readonly detail: NodeGCPerformanceDetail }).detail; // as every gc entry has
  return kind;
}
