// What came out: tables for the terminal and for docs/compatibility.md, and what is to be said of single cells.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../docs/compatibility.md", import.meta.url));

/** A result as a Markdown table. */
export function tableOf({ columns, rows }) {
  const lines = [
    ["", ...columns],
    ["---", ...columns.map(() => "---")],
    ...rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)]),
  ];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** How many cells of a result failed. */
export function countFailures({ rows }) {
  return rows.flatMap(({ cells }) => cells).filter(({ state }) => state === "failed").length;
}

/** What is to be said of cells, columns with the same words together; at most so many lines of each. */
export function notesOf({ columns, rows }, lines) {
  const notes = new Map();
  for (const { name, cells } of rows) {
    for (const [i, { text, detail }] of cells.entries()) {
      if (detail === undefined) continue;
      const said = `${text}: ${detail.split("\n").slice(0, lines).join("\n")}`;
      const note = notes.get(name + said) ?? { name, said, columns: [] };
      notes.set(name + said, { ...note, columns: [...note.columns, columns[i]] });
    }
  }
  return [...notes.values()].map(({ name, said, columns: where }) => `${name} (${where.join("; ")}): ${said}`);
}

/** Table and notes, as the page has them. */
export function sectionOf(result) {
  return [tableOf(result), ...notesOf(result, 1)].join("\n\n");
}

/** Puts texts between their markers, `<!-- compat: name -->` and `<!-- /compat -->`. */
export function writePage(texts) {
  let text = readFileSync(page, "utf8");
  for (const [name, content] of Object.entries(texts)) {
    const begin = `<!-- compat: ${name} -->\n`;
    const from = text.indexOf(begin);
    const to = text.indexOf("<!-- /compat -->", from);
    if (from < 0 || to < 0) throw new Error(`docs/compatibility.md has no place for '${name}'`);
    text = `${text.slice(0, from)}${begin}${content}\n${text.slice(to)}`;
  }
  writeFileSync(page, text);
}
