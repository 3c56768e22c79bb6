// The cells of a table: how one trial ended, and several in one.
import { inParallel } from "./workshop.mjs";

export const ok = { state: "ok", text: "ok" };

/** Not tried, and why in a word or two. */
export const skipped = (text, detail) => ({ state: "skipped", text, detail });

/** Tried, and not as it should be. */
export const failed = (text, detail) => ({ state: "failed", text, detail });

/** Several trials as one cell: what failed, or else what was not tried, or else what was remarked, goes before. */
export function merge(cells) {
  const [first = skipped("–")] = cells.toSorted((a, b) => rank(a) - rank(b));
  const alike = cells.filter(({ text }) => text === first.text);
  if (first.state !== "failed" || alike.length === cells.length) return first;
  return { ...first, text: `${first.text} (${alike.length} of ${cells.length})` };
}

function rank({ state, text }) {
  if (state === "failed") return 0;
  if (state === "skipped") return 1;
  return text === ok.text ? 3 : 2;
}

/** A table of rows by columns, each cell being what `work` makes of the row's trials in that column, in parallel. */
export async function fillTable({ title, columns, rows }, work) {
  const trials = rows.flatMap((row, r) =>
    columns.flatMap((column, c) => row.trials.map((trial) => ({ r, c, trial, column }))),
  );
  const done = await inParallel(trials, ({ trial, column }) => work(trial, column));
  const cellsOf = (r, c) => done.filter((_, i) => trials[i].r === r && trials[i].c === c);
  return {
    title,
    columns: columns.map(({ title: name }) => name),
    rows: rows.map(({ name }, r) => ({ name, cells: columns.map((_, c) => merge(cellsOf(r, c))) })),
  };
}
