// What the benchmarks write: tables and charts from a sample, and only the blocks of a page.
import { describe, expect, it } from "vitest";
import { drawChart } from "../../bench/src/report/chart.js";
import { chartsOf } from "../../bench/src/report/charts.js";
import { markdown } from "../../bench/src/report/markdown.js";
import { replaceBlocks } from "../../bench/src/report/page.js";

const cold = {
  name: "cold",
  title: "A token not seen before",
  columns: ["", "RS256, µs", "× raw", "ES256, µs", "× raw"],
  rows: [
    ["node:crypto.verify", 21.04, 1, 57.26, 1],
    ['@scitokens/core & "others" <in flight>', 32.8, 1.557, 0.0456, 123.4],
  ],
};

describe("a table of the benchmarks", () => {
  it("has three digits that count in each cell, and one cell for each column", () => {
    expect(markdown(cold).split("\n")).toEqual([
      "|  | RS256, µs | × raw | ES256, µs | × raw |",
      "| --- | ---: | ---: | ---: | ---: |",
      "| node:crypto.verify | 21.0 | 1 | 57.3 | 1 |",
      '| @scitokens/core & "others" <in flight> | 32.8 | 1.56 | 0.046 | 123 |',
    ]);
  });

  it("stands in the block of its name, and leaves every word around it", () => {
    const page =
      "# A\n<!-- bench: cold -->\nbefore\n<!-- /bench -->\nwords\n<!-- bench: seen -->\nkept\n<!-- /bench -->\n";
    expect(replaceBlocks(page, new Map([["cold", "new $& $1"]]))).toBe(page.replace("before", () => "new $& $1"));
  });
});

describe("a chart of the benchmarks", () => {
  const charts = [...chartsOf([cold])];
  const svg = charts.map(([, chart]) => drawChart(chart)).join("");

  it("is drawn for what was measured alone", () => {
    expect(charts.map(([name]) => name)).toEqual(["cold"]);
  });

  it("has a bar for each row and algorithm, its words escaped and every element closed", () => {
    expect(svg.match(/<rect /g)).toHaveLength(4);
    expect(svg).toContain("@scitokens/core &amp; &quot;others&quot; &lt;in flight&gt;");
    const tags = [...svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)].filter(([, , , closed]) => closed === "");
    const open: string[] = [];
    for (const [, end, name = ""] of tags) {
      if (end === "") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it("gives the longest bar the whole width, and the others their share of it", () => {
    const widths = [...svg.matchAll(/<rect .*? width="([\d.]+)"/g)].map(([, width]) => Number(width));
    const longest = Math.max(...widths);
    expect(longest).toBe(460); // of 800, beside labels and figures
    expect(widths.map((width) => Math.round((width / longest) * 123.4 * 100) / 100)).toEqual([
      expect.closeTo(1, 1),
      expect.closeTo(1.56, 1),
      expect.closeTo(1, 1),
      123.4,
    ]);
  });
});
