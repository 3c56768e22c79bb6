// Servers on one processor, the client on another: where Linux's taskset and a second processor are.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/**
 * Pins this process, with all its threads, to a processor, and gives what a command begins with that shall run on
 * another. Empty where that cannot be: the figures are then noisier.
 */
export function separateProcessors(): readonly string[] {
  if (availableParallelism() < 2) return [];
  const { status } = spawnSync("taskset", ["-acp", "1", String(process.pid)], { stdio: "ignore" });
  return status === 0 ? ["taskset", "-c", "0"] : [];
}
