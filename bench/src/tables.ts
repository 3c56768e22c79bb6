// Results as Markdown tables: medians, and each beside the raw verification of its own run.
import type { Result } from "./benchmarks.js";
import type { Machine } from "./machine.js";
import type { Measured } from "./rounds.js";

/** The generated blocks of the page, by the names of their markers. */
export function blocks(results: readonly Result[], machine: Machine): ReadonlyMap<string, string> {
  return new Map([
    ["cold", byAlgorithm(results.filter(({ table }) => table === "cold"))],
    ["seen", seen(results.filter(({ table }) => table === "seen"))],
    ["signature", byAlgorithm(results.filter(({ table }) => table === "signature"))],
    ["machine", about(machine)],
  ]);
}

function byAlgorithm(results: readonly Result[]): string {
  const names = results[0]?.measured.map(({ name }) => name) ?? [];
  return markdown(
    ["", ...results.flatMap(({ algorithm }) => [`${algorithm}, µs`, "× raw"])],
    names.map((name) => [
      name,
      ...results.flatMap(({ measured }) => [number(find(measured, name).median), ratio(measured, name)]),
    ]),
  );
}

function seen(results: readonly Result[]): string {
  const measured = results.flatMap((result) => result.measured);
  const cached = "fast-jwt, cache: true";
  return markdown(
    ["", "µs", "× raw RS256", "× fast-jwt's cache"],
    measured.map(({ name, median }) => [name, number(median), ratio(measured, name), ratio(measured, name, cached)]),
  );
}

function about({ cpu, cores, node, openssl, platform, versions }: Machine): string {
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores, ${cpu}, ${platform}; Node ${node}, OpenSSL ${openssl}; ${libraries.join(", ")}.`;
}

function ratio(measured: readonly Measured[], name: string, baseline = measured[0]?.name ?? ""): string {
  return number(find(measured, name).median / find(measured, baseline).median);
}

function find(measured: readonly Measured[], name: string): Measured {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no figures for ${name}`);
  return found;
}

/** Three digits that count, two for what is small: more would be noise. */
function number(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
