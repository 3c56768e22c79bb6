// Figures as the tables have them, and what ours is compared with.
import type { Estimate } from "./statistics.js";
import type { SummarisedContender, Summary } from "./summary.js";

/** What a protection costs beyond a no-op, as a part of what the best of the others costs. */
export function besideBestPeer(
  { contenders }: Summary,
  { workloads }: SummarisedContender,
  workload: string,
): Estimate | undefined {
  const peers = contenders
    .filter(({ role }) => role === "peer")
    .flatMap((peer) => peer.workloads[workload]?.beyondNoop?.median ?? []);
  const own = workloads[workload]?.beyondNoop;
  if (peers.length === 0 || own === undefined) return undefined;
  const best = Math.min(...peers);
  const [from, to] = own.interval;
  return { median: own.median / best, interval: [from / best, to / best] };
}

/** Three digits that count, two for what is small: more would be noise. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
