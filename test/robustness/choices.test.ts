// The corpus leaves choices: each stands written down, with its rule.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { choices } from "./choices.js";
import { all } from "./corpus.js";

const written = new Map(all.map((one) => [one.id, one]));

it("has made each choice that the corpus leaves open (H3)", () => {
  const open = all.filter(({ severity }) => severity === "policy");
  expect(open.length).toBe(22);
  expect(open.filter(({ id }) => !choices.has(id)).map(({ id }) => id)).toEqual([]);
});

it("chooses among the right answers, by rules that exist (H3)", () => {
  const rules = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
  const wrong = [...choices].filter(([id, { answer, rule }]) => {
    return written.get(id)?.accept.includes(answer) !== true || !rules.includes(`\n- ${rule} `);
  });
  expect(choices.size).toBeGreaterThan(50);
  expect(wrong.map(([id]) => id)).toEqual([]);
});

it("keeps no choice where there is none (H3)", () => {
  const needless = [...choices].filter(([id, { answer }]) => {
    const one = written.get(id);
    return one?.severity !== "policy" && one?.expect === answer;
  });
  expect(needless.map(([id]) => id)).toEqual([]);
});
