// Every rule of docs/rules.md stands in the title of a test that shows it.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root, sources } from "./sources.js";

const RULE = /\b[ITCPSRHV]\d{1,2}\b/g;
/** A title: a string that ends with its rules in brackets. */
const TITLE = /["'`][^"'`\n]*\(([^()"'`\n]*)\)["'`]/g;

it("names every rule in a title", () => {
  const rules = readFileSync(`${root}docs/rules.md`, "utf8").match(/(?<=^- )[ITCPSRHV]\d{1,2}\b/gm) ?? [];
  const titles = sources("test").flatMap(({ text }) => [...text.matchAll(TITLE)].map(([, inside]) => inside ?? ""));
  const named = new Set(titles.flatMap((title) => title.match(RULE) ?? []));
  expect(rules.length).toBeGreaterThan(55);
  expect(rules.filter((rule) => !named.has(rule))).toEqual([]);
});

it("cites no rule that does not exist", () => {
  const rules = new Set(readFileSync(`${root}docs/rules.md`, "utf8").match(/(?<=^- )[ITCPSRHV]\d{1,2}\b/gm) ?? []);
  const cited = [...sources("packages"), ...sources("test")].flatMap(({ text }) =>
    [...text.matchAll(/\(([ITCPSRHV]\d{1,2}(?:, [ITCPSRHV]\d{1,2})*)\)/g)].flatMap(
      ([, list]) => list?.split(", ") ?? [],
    ),
  );
  expect(cited.filter((rule) => !rules.has(rule))).toEqual([]);
});
