// Tables as Markdown.

/** As out/servers.json has them. */
export interface Table {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export function asMarkdown(tables: readonly Table[]): string {
  return tables
    .map(({ title, columns, rows }) => `\n${title}\n\n${[columns, rule(columns), ...rows].map(line).join("\n")}`)
    .join("\n");
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Words to the left, figures to the right. */
function rule(columns: readonly string[]): readonly string[] {
  return columns.map((_, index) => (index < 2 ? "---" : "---:"));
}
