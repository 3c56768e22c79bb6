// Which charts there are, and what of the tables they show: docs/performance/*.svg.
import type { Bar, BarGroup, Chart } from "./chart.js";
import type { Table } from "./table.js";

/** By file name; those whose tables somebody measured. */
export function chartsOf(tables: readonly Table[]): ReadonlyMap<string, Chart> {
  const charts = new Map<string, Chart>();
  const cold = tables.find(({ name }) => name === "cold");
  if (cold !== undefined) charts.set("cold", ofCold(cold));
  const servers = tables.find(({ name }) => name === "servers-one");
  if (servers !== undefined) charts.set("servers", ofServers(servers));
  return charts;
}

function ofCold(table: Table): Chart {
  const groups = table.columns.flatMap((column, i): BarGroup[] => {
    const [algorithm, unit] = column.split(", ");
    if (algorithm === undefined || unit !== "µs") return [];
    const ratio = i + 1; // the column beside it
    const bars = table.rows.map((row) => barOf(String(row[0]), row[ratio], "×"));
    return [{ title: algorithm, bars }];
  });
  return {
    title: "Verifying a token not seen before",
    subtitle: "Time as a multiple of node:crypto.verify, the signature alone. Shorter is better.",
    groups,
  };
}

function ofServers(table: Table): Chart {
  const column = (name: string): number => {
    const index = table.columns.findIndex((one) => one.startsWith(name));
    if (index === -1) throw new Error(`expected a column '${name}' in ${table.name}`);
    return index;
  };
  const [server, protection, cpu] = [column("server"), column("protection"), column("CPU")];
  const groups = new Map<string, Bar[]>();
  for (const row of table.rows) {
    const title = String(row[server]);
    const bars = groups.get(title) ?? [];
    bars.push(barOf(String(row[protection]), row[cpu], " µs"));
    groups.set(title, bars);
  }
  return {
    title: "CPU of a request, one token repeated",
    subtitle:
      "Microseconds of CPU time in a real server over loopback, the framework's own included. Shorter is better.",
    groups: [...groups].map(([title, bars]) => ({ title, bars })),
  };
}

/** What is compared with, by the names that the tables give it. */
const BASES = ["node:crypto.verify", "bare", "no-op"];

function barOf(label: string, cell: string | number | undefined, unit: string): Bar {
  const value = Number(cell);
  if (!Number.isFinite(value)) throw new Error(`expected a number for ${label}, not '${cell}'`);
  const kind = label.startsWith("@scitokens") ? "ours" : BASES.includes(label) ? "base" : "other";
  return { label, value, text: `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)}${unit}`, kind };
}
