// docs/performance.md: the generated blocks between their markers are replaced, the words around them kept.

/** @throws {Error} when the page has no markers for a block */
export function replaceBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  let text = page;
  for (const [name, content] of blocks) {
    const begin = `<!-- bench: ${name} -->`;
    const start = text.indexOf(begin);
    const end = text.indexOf(END, start);
    if (start === -1 || end === -1) throw new Error(`expected ${begin} and, after it, ${END}`);
    text = `${text.slice(0, start + begin.length)}\n${content}\n${text.slice(end)}`;
  }
  return text;
}

const END = "<!-- /bench -->";
