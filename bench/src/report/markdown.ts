// Tables as Markdown, and the one line about the machine.
import type { Machine } from "../machine.js";
import type { Table } from "./table.js";

export function markdown({ columns, rows }: Omit<Table, "name" | "title">): string {
  const rule = columns.map((_, column) => (column === 0 ? "---" : "---:"));
  return [columns, rule, ...rows.map((cells) => cells.map(cell))].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function aboutMachine({ cpu, cores, node, openssl, platform, versions }: Machine): string {
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores, ${cpu}, ${platform}; Node ${node}, OpenSSL ${openssl}; ${libraries.join(", ")}.`;
}

function cell(value: string | number): string {
  return typeof value === "string" ? value : number(value);
}

/** Three digits that count, two for what is small: more would be noise. */
function number(value: number): string {
  if (Number.isInteger(value)) return String(value); // counted, or what the others are compared with
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

export function printTables(tables: readonly Table[]): void {
  for (const table of tables) console.log(`\n${table.name}: ${table.title}\n\n${markdown(table)}`);
}
