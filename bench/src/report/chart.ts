// A chart of horizontal bars as SVG: words and numbers in it stay text, and its colours are for light and dark pages.

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written at its end. */
  readonly text: string;
  /** Ours stands out; what all are measured by stands back. */
  readonly kind: "ours" | "other" | "base";
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly groups: readonly BarGroup[];
}

const WIDTH = 800;
const LABELS = 270;
const TEXTS = 70;
const BAR = 18;
const STEP = 26;
const HEAD = 72;
const GROUP = 38;

/** Colours for a light page, and where the reader's is dark, for that. */
const STYLE = `
text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-size: 19px; font-weight: 600 }
.subtitle { fill: #59636e }
.group { font-size: 15px; font-weight: 600 }
.strong { font-weight: 600 }
.ours { fill: #0969da }
.other { fill: #afb8c1 }
.base { fill: #6e7781 }
.axis { stroke: #818b98 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .subtitle { fill: #9198a1 }
  .ours { fill: #4493f8 }
  .other { fill: #656c76 }
  .base { fill: #9198a1 }
}`;

export function drawChart({ title, subtitle, groups }: Chart): string {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (WIDTH - LABELS - TEXTS) / longest;
  const parts: string[] = [];
  let y = HEAD;
  for (const group of groups) {
    const { svg, height } = drawGroup(group, y, scale);
    parts.push(svg);
    y += height;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}</style>`,
    text({ x: 0, y: 24, css: "title" }, title),
    text({ x: 0, y: 48, css: "subtitle" }, subtitle),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function drawGroup(
  { title, bars }: BarGroup,
  top: number,
  scale: number,
): { readonly svg: string; readonly height: number } {
  const first = top + GROUP;
  const rows = bars.map(({ label, value, text: words, kind }, i) => {
    const y = first + i * STEP;
    const length = Math.max(1, value * scale);
    const css = kind === "ours" ? "strong" : "";
    return [
      text({ x: LABELS - 10, y: y + 14, css, anchor: "end" }, label),
      `<rect class="${kind}" x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
      text({ x: LABELS + length + 8, y: y + 14, css }, words),
    ].join("\n");
  });
  const height = GROUP + bars.length * STEP + 10;
  const axis = `<line class="axis" x1="${LABELS}" x2="${LABELS}" y1="${first - 4}" y2="${top + height - 14}"/>`;
  return { svg: [text({ x: 0, y: top + 22, css: "group" }, title), ...rows, axis].join("\n"), height };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly css: string;
  readonly anchor?: "end";
}

function text({ x, y, css, anchor }: Place, words: string): string {
  const style = `${css === "" ? "" : ` class="${css}"`}${anchor === undefined ? "" : ` text-anchor="${anchor}"`}`;
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${style}>${escape(words)}</text>`;
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
