// Tables as they stand on paper: a line a row, columns two blanks apart. A row is read by eye before it is run. A line that begins
// with two slashes and a blank is a comment; without the blank it is a row.

/** The rows below the line of names, each with its cells by name. `''` is an empty cell. */
export function table(text: string): readonly Readonly<Record<string, string>>[] {
  const [names = [], ...rows] = linesOf(text);
  return rows.map((cells) => {
    if (cells.length !== names.length) throw new Error(`expected ${names.length} cells: ${cells.join(" | ")}`);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
  });
}

/** A matrix: for each row its name, and what stands below each name of the first line. */
export function matrix(
  text: string,
): readonly (readonly [row: string, cells: readonly (readonly [column: string, cell: string])[]])[] {
  return table(`row  ${text.trimStart()}`).map(({ row = "", ...cells }) => [row, Object.entries(cells)]);
}

function linesOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("// "))
    .map((line) => line.split(/ {2,}/).map((cell) => (cell === "''" ? "" : cell)));
}
